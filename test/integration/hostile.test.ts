/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { randomInt, randomUUID } from 'node:crypto';

import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { callWebhook } from '../support/engine';
import { SECRET } from '../support/signed';
import { expectedOf } from './hostile/oracle';
import type { Expected } from './hostile/oracle';
import { Random } from './hostile/random';
import { hostileRequest } from './hostile/requests';

/** Give both to repeat a run: `HOSTILE_SEED=1 HOSTILE_CASES=20000`. */
const SEED = Number(process.env.HOSTILE_SEED ?? randomInt(2 ** 31));
const CASES = Number(process.env.HOSTILE_CASES ?? 12_000);
const BATCH = 1_000;

const node = new SinchCapabilityTrigger();
const random = new Random(SEED);
const now = Math.floor(Date.now() / 1000);
const untouched = Object.getOwnPropertyNames(Object.prototype).sort();

interface Tally {
	cases: number;
	byStatus: Record<string, number>;
	executions: number;
	genuine: number;
}

const tally: Tally = { cases: 0, byStatus: {}, executions: 0, genuine: 0 };

/** One request to its own trigger node, so that none counts as a repeat. */
async function tryOne() {
	const request = hostileRequest(random, SECRET, now);
	const expected = expectedOf(request, SECRET, now);
	const { response, executes, workflowData, error } = await callWebhook(node, {
		staticData: { webhookId: '01W4', secret: SECRET },
		webhookUrl: `https://n8n.example.com/webhook/${randomUUID()}/capability`,
		request,
	});
	// Node.js emits `finish` a moment after the response, and until then n8n counts as busy with it.
	await new Promise((resolve) => setImmediate(resolve));
	const got: Expected = { status: response.status as Expected['status'], starts: executes };
	tally.cases += 1;
	tally.byStatus[got.status] = (tally.byStatus[got.status] ?? 0) + 1;
	tally.executions += Number(executes);
	tally.genuine += Number(expected.starts);
	const wrong =
		got.status !== expected.status ||
		got.starts !== expected.starts ||
		error !== undefined ||
		!response.ended ||
		(executes && !isOneGoodItem(workflowData));
	return wrong
		? { done: request.done, body: shown(request.rawBody), expected, got, error }
		: undefined;
}

const shown = (body: Buffer) => body.subarray(0, 300).toString('latin1');

/** One item on one of the five outputs that n8n can store, without a foreign prototype. */
function isOneGoodItem(outputs: Array<Array<{ json: object }>> = []): boolean {
	const items = outputs.flat();
	if (outputs.length !== 5 || items.length !== 1) return false;
	const { json } = items[0];
	JSON.stringify(structuredClone(json));
	return Object.getPrototypeOf(json) === Object.prototype && !('polluted' in json);
}

afterAll(() => {
	process.stderr.write(`Hostile input, HOSTILE_SEED=${SEED}: ${JSON.stringify(tally)}\n`);
});

const batches = Array.from({ length: Math.ceil(CASES / BATCH) }, (_, index) => index * BATCH);

it.each(batches)(
	`hostile requests of HOSTILE_SEED=${SEED} neither crash the trigger nor start anything that was not signed, from number %s on`,
	async () => {
		for (let count = 0; count < BATCH; count++) {
			expect(await tryOne()).toBeUndefined();
		}
		expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(untouched);
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	},
);

it(`the hostile requests of HOSTILE_SEED=${SEED} included enough genuine ones, and every kind of response`, () => {
	expect(tally.cases).toBeGreaterThanOrEqual(10_000);
	expect(tally.executions).toBe(tally.genuine);
	expect(tally.executions).toBeGreaterThan(tally.cases / 20);
	expect(Object.keys(tally.byStatus).sort()).toEqual(['200', '401', '422']);
});
