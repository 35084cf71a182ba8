import { HookContext } from 'n8n-core';
import {
	UserError,
	type IHookFunctions,
	type INodeType,
	type WebhookSetupMethodNames,
	type WorkflowActivateMode,
} from 'n8n-workflow';
import { triggerOf, type TriggerOptions } from './trigger';

export interface HookOptions extends TriggerOptions {
	/** Why n8n calls: default `manual` for a test, else `activate`. */
	activation?: WorkflowActivateMode;
}

/** A trigger node's life cycle; each call uses a real `HookContext`. */
export interface Hook {
	/** The result of `getNodeWebhookUrl('default')`. */
	webhookUrl: string;
	/** Calls a node's method and stores its changes to the static data. */
	checkExists(): Promise<boolean>;
	create(): Promise<boolean>;
	delete(): Promise<boolean>;
	/** Activates or starts listening as n8n does: `checkExists`, and `create` if that returns false. */
	activate(): Promise<void>;
	/** Calls a function with a new context and stores the static data. */
	run<Result>(call: (context: IHookFunctions) => Promise<Result> | Result): Promise<Result>;
}

/**
 * @example
 * const staticData = {};
 * const hook = hookContext(new SinchCapabilityTrigger(), { staticData, credentials: store });
 * await hook.activate();
 * expect(staticData).toMatchObject({ webhookId: '01…' });
 */
export function hookContext(nodeType: INodeType, options: HookOptions = {}): Hook {
	const trigger = triggerOf(nodeType, options);
	const { node, additionalData, mode, webhookData, webhookUrl } = trigger;
	const activation = options.activation ?? (webhookData.isTest ? 'manual' : 'activate');

	const runIn = async <Result>(
		called: typeof mode,
		call: (context: IHookFunctions) => Promise<Result> | Result,
	): Promise<Result> => {
		const { workflow, save } = trigger.load();
		const args = [workflow, node, additionalData, called, activation, webhookData] as const;
		const result = await call(new HookContext(...args));
		save();
		return result;
	};
	const run: Hook['run'] = async (call) => await runIn(mode, call);
	// n8n calls `delete` in this mode, in production and at the end of a test.
	const method = (name: WebhookSetupMethodNames) => async () =>
		await runIn(name === 'delete' ? 'internal' : mode, async (context) => {
			const methods = nodeType.webhookMethods?.[webhookData.webhookDescription.name];
			if (!methods) throw new UserError(`${node.type} has no webhookMethods`);
			return await methods[name].call(context);
		});
	const [checkExists, create] = [method('checkExists'), method('create')];
	return {
		webhookUrl,
		run,
		checkExists,
		create,
		delete: method('delete'),
		activate: async () => {
			if (!(await checkExists())) await create();
		},
	};
}
