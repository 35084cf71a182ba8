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
 * | a small function that takes a context | `strictContext`, from its own file |
 * | what was sent, without a server | `useNock` |
 */
export { CredentialStore } from './credentialStore';
export { testCredential } from './credentialTest';
export { hookContext, type Hook } from './hook';
export type { GivenRequest, WebhookResponse } from './http';
export { loadOptionsContext } from './loadOptions';
export { connect, runNode, runWorkflow, type RunNodeOptions } from './run';
export { callWebhook, type WebhookCall, type WebhookOptions } from './webhook';
export { useNock } from './useNock';
export { nodeOf, type NodeSettings } from './workflow';
