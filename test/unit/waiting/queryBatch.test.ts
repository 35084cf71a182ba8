import type { Item } from '../../../nodes/SinchCapability/parameters/item';
import type { Receiver } from '../../../nodes/SinchCapability/shared/webhookAddresses';
import type { ChannelIdentity, Recipient } from '../../../nodes/SinchCapability/sinch/types';
import { Listeners } from '../../../nodes/SinchCapability/waiting/listeners';
import { mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { type AwaitedQuery, QueryBatch } from '../../../nodes/SinchCapability/waiting/queryBatch';
import { pass, useClock } from '../../support/clock';
import {
	failureOf,
	newApp,
	newTrigger,
	newWebhookNode,
	startExecution,
	triggerIn,
	webhookNode,
} from '../../support/execution';

useClock();

type Settings = NonNullable<Parameters<typeof startExecution>[0]>;

const worker = { instanceType: 'worker' } as const;
const production = { instanceType: 'main', mode: 'trigger' } as const;

const SMS: ChannelIdentity = { channel: 'SMS', identity: '46701234567' };
const RCS: ChannelIdentity = { channel: 'RCS', identity: '46701234567' };

const to = (...channel_identities: ChannelIdentity[]): Recipient => ({
	identified_by: { channel_identities },
});

const answerTo = (request_id: string, identity = SMS, capability_status = 'CAPABILITY_FULL') => ({
	capability_notification: { request_id, ...identity, capability_status },
});

const deliver = (...answer: Parameters<typeof answerTo>) =>
	mailbox.deliver(answerTo(...answer), performance.now());

interface Sent extends Partial<Omit<AwaitedQuery, 'query'>> {
	recipient?: Recipient;
}

let batches: QueryBatch[] = [];
let requests = 0;

/** The wait of one execution, whose answers a trigger or a Webhook node receives. */
async function begin({ with: kinds = [], ...settings }: Settings & { with?: Receiver['kind'][] }) {
	const appId = newApp();
	/** What the process that receives the answers has. */
	const answers: unknown[] = [];
	const receivers = kinds.map((kind) => ({
		kind,
		target: kind === 'other' ? newWebhookNode() : newTrigger(),
	}));
	const execution = await startExecution({
		addresses: Object.fromEntries(
			receivers.map(({ kind, target }) => [
				target,
				kind === 'other' ? webhookNode : triggerIn('another', answers),
			]),
		),
		...settings,
	});
	const { context, client } = execution;
	const batch = new QueryBatch(context, new Listeners(context, client), receivers);
	batches.push(batch);
	const send = async ({ recipient = to(SMS), ...changes }: Sent = {}, index = 0) => {
		const query = { app_id: appId, project_id: 'p', recipient, request_id: `own ${requests++}` };
		const prepared = { query, answersPerSecond: 25, waitFor: 'all', timeout: 10, ...changes };
		return await batch.send(client, prepared as AwaitedQuery, { index } as Item);
	};
	return { ...execution, appId, receivers, batch, send, answers };
}

// Ends what a failed test has left.
afterEach(async () => {
	batches.forEach((batch) => batch.end());
	batches = [];
	await pass(20_000);
});

describe('a query', () => {
	it('a query of a contact is awaited on each of its channels', async () => {
		const contact = { id: 'C', channel_identities: [{ ...RCS, app_id: 'app' }, SMS] };
		const { send, askedOfSinch } = await begin({ sinch: { '/contacts/C': contact } });
		const pending = await send({ recipient: { contact_id: 'C' } });
		expect(pending.identities).toEqual([RCS, SMS]);
		expect(askedOfSinch).toEqual(['/contacts/C', '/capability:query']);
	});

	it('a query of channel identities needs no contact', async () => {
		const { send, askedOfSinch } = await begin({});
		expect((await send({ recipient: to(SMS, RCS) })).identities).toEqual([SMS, RCS]);
		expect(askedOfSinch).toEqual(['/capability:query']);
	});

	it('an answer that comes before the acknowledgement belongs to its query', async () => {
		let isAwaited: boolean | undefined;
		const { send } = await begin({
			sinch: {
				'/capability:query': (query: { request_id: string }) => {
					isAwaited = deliver(query.request_id);
					return query;
				},
			},
		});
		expect((await send()).answers.size).toBe(1);
		expect(isAwaited).toBe(true);
	});

	it('a query is awaited under the request ID that Sinch chooses', async () => {
		const own = (query: object) => ({ ...query, request_id: 'by Sinch' });
		const { send } = await begin({ sinch: { '/capability:query': own } });
		const pending = await send();
		expect(deliver('by Sinch')).toBe(true);
		expect(pending).toMatchObject({ requestId: 'by Sinch', isComplete: true });
	});

	it('a query waits for its turn among the answers of the app', async () => {
		const { send, queries } = await begin({});
		// Slow enough that the rate holds it back for longer than the outstanding answers do.
		const answersPerSecond = 0.05;
		void send({ answersPerSecond, recipient: to(...Array<ChannelIdentity>(26).fill(SMS)) });
		void send({ answersPerSecond });
		await pass(19_999);
		expect(queries).toHaveLength(1);
		await pass(1);
		expect(queries).toHaveLength(2);
	});
});

describe('the time for the answers', () => {
	it('the time for the answers begins when Sinch has delivered those of the queries before', async () => {
		const { send } = await begin({});
		const began = performance.now();
		const query = { recipient: to(SMS, RCS), answersPerSecond: 4, timeout: 10 };
		const deadlines = [await send(query), await send(query)].map(({ deadline }) => deadline);
		await pass(5_000);
		deadlines.push((await send(query)).deadline);
		expect(deadlines.map((at) => at - began)).toEqual([10_500, 11_000, 15_500]);
	});

	it('the wait ends at the last deadline, without those queries that Sinch has refused', async () => {
		const { send, sinch, batch } = await begin({});
		const registered = await send({ timeout: 1, answersPerSecond: 1_000 });
		sinch['/capability:query'] = undefined;
		expect((await failureOf(send()))?.message).toMatch(/^Sinch could not find/);
		let isOver = false;
		void batch.settle().then(() => (isOver = true));
		await pass(1_000);
		expect(isOver).toBe(false);
		await pass(100);
		expect(isOver).toBe(true);
		expect(registered.answers.size).toBe(0);
	});

	it('the wait ends when the execution is stopped', async () => {
		const stop = new AbortController();
		const { send, batch } = await begin({ signal: stop.signal });
		await send();
		let isOver = false;
		void batch.settle().then(() => (isOver = true));
		stop.abort();
		await pass(100);
		expect(isOver).toBe(true);
	});

	it('after the wait, a repeat belongs to its query, and a first answer starts the workflow', async () => {
		const { send, batch } = await begin({});
		const [answered, open] = [await send(), await send()];
		deliver(answered.requestId);
		batch.end();
		expect(deliver(answered.requestId)).toBe(true);
		expect(deliver(open.requestId)).toBe(false);
	});
});

describe('answers in other processes', () => {
	it.each<[string, Settings, Receiver['kind'][], number]>([
		['in a worker, of its trigger', worker, ['trigger'], 0],
		['in a worker, of a test of the trigger', worker, ['test'], 0],
		['while the place is unknown, of a trigger, a second later', {}, ['trigger'], 1_000],
	])('other processes are asked for answers: %s', async (_, settings, kinds, afterMs) => {
		const { batch, send, askedOfN8n, receivers } = await begin({ ...settings, with: kinds });
		await batch.open();
		// Other processes recognize it by its ID.
		expect((await send()).requestId).toMatch(/^[0-9A-Z]{26}$/);
		await pass(Math.max(0, afterMs - 1));
		expect(askedOfN8n.length > 0).toBe(afterMs === 0);
		await pass(1);
		expect(new Set(askedOfN8n)).toEqual(new Set([`POST ${receivers[0].target}`]));
	});

	it.each<[string, Settings, Receiver['kind'][]]>([
		['in a process that receives its answers itself', production, ['trigger']],
		['while the place is unknown, of a Webhook node', {}, ['other']],
		['while the place is unknown, of no one', {}, []],
		['in a worker, of no one', worker, []],
	])('other processes are not asked for answers: %s', async (_, settings, kinds) => {
		const { batch, send, askedOfN8n } = await begin({ ...settings, with: kinds });
		await batch.open();
		expect((await send()).requestId).toMatch(/^own /);
		await pass(5_000);
		expect(askedOfN8n).toEqual([]);
	});

	it('other processes are asked at the addresses of triggers only', async () => {
		const { batch, askedOfN8n, receivers } = await begin({ ...worker, with: ['other', 'trigger'] });
		await batch.open();
		await pass(1_000);
		expect(new Set(askedOfN8n)).toEqual(new Set([`POST ${receivers[1].target}`]));
	});

	it('a worker needs a trigger, and sends no query without one', async () => {
		const { batch } = await begin({ ...worker, with: ['other'] });
		expect((await failureOf(batch.open()))?.message).toBe(
			'No published workflow with a Sinch Capability Trigger receives the answers of this app',
		);
	});

	it('a query that Sinch registers under another ID fails in a worker, for its item', async () => {
		const own = (query: object) => ({ ...query, request_id: 'by Sinch' });
		const { batch, send } = await begin({
			...worker,
			with: ['trigger'],
			sinch: { '/capability:query': own },
		});
		await batch.open();
		const error = await failureOf(send({}, 3));
		expect(error?.message).toMatch(/^Sinch has registered the query under a different request ID/);
		expect(error?.context.itemIndex).toBe(3);
		expect(batch.problem?.message).toBe(error?.message);
	});

	it('queries wait for answers that are still to be collected', async () => {
		const { batch, send, queries, answers } = await begin({ ...worker, with: ['trigger'] });
		await batch.open();
		for (let count = 0; count < 30; count++) void send({ answersPerSecond: 1_000 });
		await pass(5_000);
		expect(queries).toHaveLength(25);
		answers.push(answerTo(queries[0].request_id as string));
		await pass(3_000);
		expect(queries).toHaveLength(30);
	});

	it('a collected answer completes its query', async () => {
		const { batch, send, answers } = await begin({ ...worker, with: ['trigger'] });
		await batch.open();
		const [one, other] = [await send(), await send()];
		answers.push(answerTo(other.requestId));
		await pass(3_000);
		expect([one.isComplete, other.isComplete]).toEqual([false, true]);
	});

	it('a collected answer is still that of its query when it comes after its time', async () => {
		const { batch, send, answers } = await begin({ ...worker, with: ['trigger'] });
		await batch.open();
		const [late, other] = [await send({ timeout: 1 }), await send({ timeout: 30 })];
		const settled = batch.settle();
		await pass(5_000);
		answers.push(answerTo(late.requestId));
		await pass(3_000);
		expect([late.answers.size, other.answers.size]).toEqual([1, 0]);
		await pass(30_000);
		await settled;
	});

	it('a collected answer changes nothing once the first usable channel has ended the wait of its query', async () => {
		const { batch, send, answers } = await begin({ ...worker, with: ['trigger'] });
		await batch.open();
		const recipient = to(SMS, RCS);
		const done = await send({ recipient, waitFor: 'firstUsable' });
		await send({ timeout: 30 });
		const settled = batch.settle();
		answers.push(answerTo(done.requestId, SMS));
		await pass(3_000);
		answers.push(answerTo(done.requestId, RCS));
		await pass(3_000);
		expect(done.answers.size).toBe(1);
		await pass(30_000);
		await settled;
	});

	it('the other processes are told which queries have no answer at the end', async () => {
		const { batch, send, collecting } = await begin({ ...worker, with: ['trigger'] });
		await batch.open();
		const sent = [await send(), await send(), await send()];
		deliver(sent[1].requestId);
		batch.end();
		await pass(1_000);
		const told = collecting.flatMap(({ leave }) => leave ?? []);
		expect(told).toEqual([{ unanswered: [0, 2] }]);
	});
});
