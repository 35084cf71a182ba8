import { type IDataObject, sleep } from 'n8n-workflow';

import type { CapabilityQuery } from '../../../nodes/SinchCapability/sinch/types';
import { noteAnswer } from '../../../nodes/SinchCapability/transport/queries';
import { mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { actionContext, N8N, type Reply, type Settings } from './context';

const TRIGGER = `${N8N}webhook/11111111-2222-4333-8444-555555555555/capability`;

interface Given extends Omit<Settings, 'respond' | 'items'> {
	/** Where Sinch posts the answers; without it, to a trigger of this n8n. */
	receivers?: string[];
	/** The queries that Sinch refuses, by index, or the status with which it refuses all of them. */
	refused?: number[] | number;
	/** Whether the app stores no contacts. */
	isDispatch?: boolean;
	/** What Sinch answers to a query by phone number after 100 ms; without it, nothing. */
	answer?: { capability_status: string };
}

/** The answers of an app are counted for all runs of a process. */
let apps = 0;

/** The part of Sinch that checks need, with answers that come to this process. Each item has a number of its own. */
export function sinchWith(count: number, given: Given = {}) {
	const { receivers = [TRIGGER], refused = [], isDispatch, answer, fields, ...settings } = given;
	const sentAt: number[] = [];
	const queries: CapabilityQuery[] = [];

	function deliver({ recipient, request_id }: CapabilityQuery): void {
		const identities = 'identified_by' in recipient ? recipient.identified_by : undefined;
		for (const one of identities?.channel_identities ?? []) {
			const callback = { capability_notification: { ...one, ...answer, request_id } };
			noteAnswer(callback);
			mailbox.deliver(callback, performance.now());
		}
	}

	function register(body: CapabilityQuery): Reply {
		sentAt.push(performance.now());
		const isRefused = typeof refused === 'number' || refused.includes(queries.length);
		queries.push(body);
		if (isRefused) {
			const code = typeof refused === 'number' ? refused : 400;
			return { status: code, body: { error: { message: 'no', code } } };
		}
		if (answer) void sleep(100).then(() => deliver(body));
		const { app_id, recipient, request_id } = body;
		return { body: { app_id, recipient, request_id } };
	}

	const webhooks = receivers.map((target, index) => ({
		...{ id: `W${index}`, target, target_type: 'HTTP', triggers: ['CAPABILITY'] },
	}));
	const context = actionContext({
		items: Array.from({ length: count }, (_, row) => ({ row })),
		fields: (index): IDataObject => ({
			recipientType: 'phoneNumber',
			phoneNumber: `+467017406${String(index + 10).padStart(2, '0')}`,
			channels: ['SMS'],
			...(typeof fields === 'function' ? fields(index) : fields),
		}),
		credentials: { appId: `app-${apps++}` },
		...settings,
		respond: ({ url, body }) => {
			if (url.endsWith(':query')) return register(body as CapabilityQuery);
			if (url.endsWith('/webhooks')) return { body: { webhooks } };
			if (url.endsWith('/apps')) return { body: { apps: [] } };
			const id = url.split('/').pop();
			return url.includes('/contacts/')
				? { body: { id, channel_identities: [{ channel: 'SMS', identity: '46701740605' }] } }
				: { body: { id, processing_mode: isDispatch ? 'DISPATCH' : 'CONVERSATION' } };
		},
	});
	return { ...context, queries, sentAt };
}
