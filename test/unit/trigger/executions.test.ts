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

it('Grouped When Busy starts the execution of an answer at once when the trigger is idle', async () => {
	const node = newNode();
	for (const number of [1, 2]) {
		const sent = node(number);
		await until(() => sent.carried !== undefined);
		expect(sent.carried).toEqual([number]);
		await sent.letGo();
		await until(() => sent.status === 200);
	}
});

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

it('Grouped When Busy continues after an execution that n8n refused', async () => {
	const { first, carrier } = await busy(newNode());
	await first.letGo(500);
	await until(() => carrier.carried !== undefined);
	await carrier.letGo();
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

it('Grouped When Busy starts nothing when all senders of a group have hung up', async () => {
	const node = newNode();
	const { first, carrier, held } = await busy(node);
	for (const one of [carrier, ...held]) one.hangUp();
	await first.letGo();
	await until(() => carrier.returned);
	expect(carrier.carried).toBeUndefined();
	const next = node(5);
	await until(() => next.carried !== undefined);
	expect(next.carried).toEqual([5]);
	await next.letGo();
});

it('Grouped When Busy refuses an answer with 503 when 1,000 have no result yet', async () => {
	const node = newNode();
	const { first, carrier, held } = await busy(node);
	const more = Array.from({ length: 996 }, (_, index) => node(index + 5));
	await until(() => more.every(({ returned }) => returned));
	const refused = node(2000);
	await until(() => refused.status === 503);
	await first.letGo();
	await until(() => carrier.carried !== undefined);
	expect(carrier.carried).toHaveLength(999);
	await carrier.letGo();
	await until(() => [...held, ...more].every(({ status }) => status === 200));
});

it('Grouped When Busy keeps trigger nodes apart', async () => {
	const sent = [newNode()(1), newNode()(2)];
	await until(() => sent.every(({ carried }) => carried !== undefined));
	for (const one of sent) await one.letGo();
});

it('with one answer per execution, executions start one after the other', async () => {
	const node = newNode({ executions: 'onePerAnswer' });
	const [first, second, third] = [node(1), node(2), node(3)];
	await until(() => first.carried !== undefined);
	second.hangUp();
	await sleep(20);
	expect(third.carried).toBeUndefined();
	await first.letGo();
	await until(() => third.carried !== undefined);
	expect([first.carried, second.carried, third.carried]).toEqual([[1], undefined, [3]]);
	await third.letGo();
});

it('with one answer per execution, an answer is refused with 503 when 50 wait already', async () => {
	const node = newNode({ executions: 'onePerAnswer' });
	const first = node(0);
	await until(() => first.carried !== undefined);
	const waiting = Array.from({ length: 50 }, (_, index) => node(index + 1));
	const refused = node(60);
	await until(() => refused.status === 503);
	for (const sent of [first, ...waiting]) await sent.letGo();
	expect(waiting.map(({ carried }) => carried)).toEqual(waiting.map((_, index) => [index + 1]));
});

it('Grouped by Time collects answers into one execution even when the trigger is idle', async () => {
	const node = newNode({ executions: 'groupedByTime', windowSeconds: 0.3 });
	const [first, second] = [node(1), node(2)];
	await until(() => second.returned);
	expect(first.returned).toBe(false);
	await until(() => first.carried !== undefined);
	expect(first.carried).toEqual([1, 2]);
	await first.letGo();
	await until(() => second.status === 200);
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
