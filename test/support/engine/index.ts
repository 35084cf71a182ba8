/**
 * Runs nodes through n8n-core's own engine (2.41.1), without a server or a database.
 *
 * | to test | use |
 * |---|---|
 * | an action node | `runNode`, or `runWorkflow` for several nodes |
 * | a trigger's `webhook()` | `callWebhook` |
 * | a trigger's registration | `hookContext` |
 * | stored credentials and token renewal | `CredentialStore` |
 * | a credential's own test | `testCredential` |
 * | a dropdown or a list to pick from | `loadOptionsContext` |
 * | a small function that takes a context | `strictContext` |
 * | what was sent, without a server | `useNock` |
 */
export { CredentialStore } from './credentialStore';
export type { GivenCredential } from './credentialTable';
export { testCredential } from './credentialTest';
export { hookContext, type Hook, type HookOptions } from './hook';
export type { GivenRequest, ReceivedResponse, WebhookRequest, WebhookResponse } from './http';
export { loadOptionsContext, type LoadOptionsGiven } from './loadOptions';
export { PACKAGE, START_TYPE, typeNameOf } from './nodeTypes';
export {
	connect,
	itemsOf,
	runNode,
	runWorkflow,
	type NodeRun,
	type RunNodeOptions,
	type WorkflowOptions,
	type WorkflowRun,
} from './run';
export { strictContext, type Given } from './strictContext';
export { INSTANCE_URL, nodeOf, WEBHOOK_ID, type NodeSettings } from './surroundings';
export type { TriggerOptions } from './trigger';
export { callWebhook, type WebhookCall, type WebhookOptions } from './webhook';
export { useNock, type NockOptions } from './useNock';
