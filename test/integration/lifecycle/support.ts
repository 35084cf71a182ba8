import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { Webhook } from '../../../nodes/SinchCapability/sinch/types';
import type { GivenRequest, Hook, WebhookOptions } from '../../support/engine';
import { callWebhook, hookContext } from '../../support/engine';
import { useSimulator } from '../../support/simulated';
import type { Simulated } from '../../support/simulated';

export const PRODUCTION =
	'https://n8n.example.com/webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability';
export const TEST = PRODUCTION.replace('/webhook/', '/webhook-test/');

/** A webhook that does not belong to the node. */
export const foreign = {
	target: 'https://crm.example.com/sinch',
	target_type: 'HTTP',
	triggers: ['MESSAGE_INBOUND'],
};

interface Setting {
	staticData?: IDataObject;
	globalData?: IDataObject;
	nodeName?: string;
	webhookUrl?: string;
	parameters?: INodeParameters;
	credential?: IDataObject;
	endpoints?: WebhookOptions['endpoints'];
}

export interface Registrations extends Simulated {
	/** What is registered for an app at the simulated Sinch. */
	webhooks(appId?: string): Promise<Webhook[]>;
	register(webhook: Partial<Webhook>): Promise<Webhook>;
	/** Takes all slots of the app with other webhooks; returns their targets. */
	takeAllSlots(): Promise<string[]>;
	trigger(setting?: Setting): Hook;
	/** The expected webhook at Sinch. */
	intact(target: string, secret: unknown): Partial<Webhook>;
}

/** The simulator for all tests of the file, and trigger nodes that register there. */
export function useRegistrations(): Registrations {
	const simulated = useSimulator();
	const register: Registrations['register'] = async (webhook) =>
		await simulated.api('POST', '/webhooks', { app_id: simulated.appId, ...webhook });
	const own: Omit<Registrations, keyof Simulated> = {
		webhooks: async (app = simulated.appId) =>
			(await simulated.api<{ webhooks: Webhook[] }>('GET', `/apps/${app}/webhooks`)).webhooks,
		register,
		takeAllSlots: async () => {
			const targets = [1, 2, 3, 4, 5].map((n) => `https://crm.example.com/${n}`);
			for (const target of targets) await register({ ...foreign, target });
			return targets;
		},
		trigger: ({ staticData = {}, webhookUrl = PRODUCTION, credential, ...setting } = {}) =>
			hookContext(new SinchCapabilityTrigger(), {
				staticData,
				webhookUrl,
				...setting,
				credentials: simulated.store(credential as never),
			}),
		intact: (target, secret) => ({
			app_id: simulated.appId,
			target,
			target_type: 'HTTP',
			triggers: ['CAPABILITY'],
			secret: secret as string,
		}),
	};
	return Object.assign(simulated, own);
}

/** The status of the node's response to a callback, with this static data. */
export async function statusFor(
	request: GivenRequest,
	staticData: IDataObject,
	globalData?: IDataObject,
): Promise<number> {
	const { response } = await callWebhook(new SinchCapabilityTrigger(), {
		staticData,
		globalData,
		request,
	});
	return response.status;
}
