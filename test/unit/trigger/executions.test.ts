import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { WebhookResponse } from '../../support/engine';
import { callWebhook } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';
import { until } from '../../support/until';

/** One request, whose response from n8n the test holds back. */
class Sent {
	/** Identities that its execution carries. */
	carried: number[] | undefined;

	/** Whether n8n's handler has returned. */
	returned = false;

	response!: WebhookResponse;

	private finish: (() => void) | undefined;

	hold(response: WebhookResponse): void {
		this.response = response;
		const end = response.end.bind(response);
		response.end = (...args: unknown[]) => {
			this.finish = () => end(...args);
			// The node's own response is not held back, only n8n's response to an execution.
			if (this.returned && !this.carried) this.flush();
			return response;
		};
	}

	flush(): void {
		this.finish?.();
	}

	/** Sends n8n's response with this status. */
	async letGo(status = 200): Promise<void> {
		await until(() => this.finish !== undefined);
		this.response.statusCode = status;
		this.flush();
	}

	hangUp(): void {
		this.response.destroy();
	}

	get status(): number | undefined {
		return this.response.writableFinished ? this.response.statusCode : undefined;
	}
}

function newNode(options: INodeParameters = {}, path = 'capability') {
	const webhookUrl = `https://n8n.example.com/webhook/${randomUUID()}/${path}`;
	return (number: number): Sent => {
		const sent = new Sent();
		void callWebhook(new SinchCapabilityTrigger(), {
			parameters: { outputMode: 'single', options },
			staticData: { webhookId: '01W4', secret: SECRET },
			webhookUrl,
			request: signed(
				{
					app_id: '01W4FFL35P4NC4K35CONVAPP01',
					capability_notification: {
						request_id: '01W4FFL35P4NC4K35CAPABILITY',
						channel: 'RCS',
						identity: String(46_700_000_000 + number),
						capability_status: 'CAPABILITY_FULL',
					},
				},
				{ nonce: `N${number}` },
			),
			onRequest: (_, response) => sent.hold(response),
		}).then(({ workflowData }) => {
			sent.returned = true;
			if (!workflowData) sent.flush();
			sent.carried = workflowData?.[0].map(({ json }) => Number(json.identity) - 46_700_000_000);
		});
		return sent;
	};
}

/** The first one is in progress; the second waits to carry the third and fourth, which are held. */
async function busy(node: (number: number) => Sent) {
	const first = node(1);
	await until(() => first.carried !== undefined);
	const carrier = node(2);
	const held = [node(3), node(4)];
	await until(() => held.every(({ returned }) => returned));
	return { first, carrier, held };
}

const statuses = (all: Sent[]) => all.map(({ status }) => status);

it('Grouped When Busy puts what arrives during an execution into the next one, and only one request waits inside the node', async () => {
	const { first, carrier, held } = await busy(newNode());
	expect(carrier.returned).toBe(false);
	expect(statuses(held)).toEqual([undefined, undefined]);
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toEqual([2, 3, 4]);
	expect(statuses(held)).toEqual([undefined, undefined]);
	await carrier.letGo();
	await until(() => held.every(({ status }) => status === 200));
});

it('Grouped When Busy refuses every answer of a group when n8n refuses its execution, so that Sinch sends them again', async () => {
	const node = newNode();
	const { first, carrier, held } = await busy(node);
	await first.letGo();
	await carrier.letGo(500);
	await until(() => held.every(({ status }) => status === 503));
	const again = node(3);
	await until(() => again.carried !== undefined);
	expect(again.carried).toEqual([3]);
	await again.letGo();
});

it('Grouped When Busy drops an answer whose sender has disconnected', async () => {
	const { first, carrier, held } = await busy(newNode());
	held[0].hangUp();
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toEqual([2, 4]);
	await carrier.letGo();
	await until(() => held[1].status === 200);
});

it('Grouped When Busy executes held answers even when the sender of the request that carries them has hung up', async () => {
	const { first, carrier, held } = await busy(newNode());
	carrier.hangUp();
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toEqual([3, 4]);
	expect(statuses(held)).toEqual([undefined, undefined]);
	await carrier.letGo();
	await until(() => held.every(({ status }) => status === 200));
});

it('Grouped When Busy responds to held requests as n8n did, even when the sender of the request that carries them has disconnected', async () => {
	const { first, carrier, held } = await busy(newNode());
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	carrier.hangUp();
	await sleep(50);
	expect(statuses(held)).toEqual([undefined, undefined]);
	await carrier.letGo(500);
	await until(() => held.every(({ status }) => status === 503));
});

it('Grouped When Busy keeps trigger nodes apart', async () => {
	const sent = [newNode()(1), newNode()(2)];
	await until(() => sent.every(({ carried }) => carried !== undefined));
	for (const one of sent) await one.letGo();
});

const FINISHED = 'capability-finished';

it('a trigger that confirms when the workflow has finished responds to a whole group then', async () => {
	const { first, carrier, held } = await busy(newNode({}, FINISHED));
	expect(first.status).toBeUndefined();
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toEqual([2, 3, 4]);
	await sleep(50);
	expect(statuses(held)).toEqual([undefined, undefined]);
	await carrier.letGo();
	await until(() => held.every(({ status }) => status === 200));
});

it('a trigger that confirms when the workflow has finished has all of a group sent again when it fails, and executes each again', async () => {
	const node = newNode({}, FINISHED);
	const { first, carrier, held } = await busy(node);
	await first.letGo();
	await carrier.letGo(500);
	await until(() => held.every(({ status }) => status === 503));
	const again = node(3);
	await until(() => again.carried !== undefined);
	expect(again.carried).toEqual([3]);
	await again.letGo();
});

it('a trigger that confirms when the workflow has finished executes an answer whose sender has hung up, and recognizes its repeat', async () => {
	const node = newNode({}, FINISHED);
	const { first, carrier, held } = await busy(node);
	for (const one of [first, carrier, held[0]]) one.hangUp();
	const repeats = [node(1), node(3)];
	await until(() => repeats.every(({ returned }) => returned));
	expect(statuses(repeats)).toEqual([undefined, undefined]);
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toEqual([2, 3, 4]);
	await until(() => repeats[0].status === 200);
	expect(repeats[1].status).toBeUndefined();
	await carrier.letGo();
	await until(() => repeats[1].status === 200 && held[1].status === 200);
	const late = node(2);
	await until(() => late.status === 200);
	expect(late.carried).toBeUndefined();
});
