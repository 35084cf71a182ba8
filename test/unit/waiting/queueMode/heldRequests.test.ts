import type { IWebhookFunctions } from 'n8n-workflow';

import { createSecret } from '../../../../nodes/SinchCapability/shared/webhookAddresses';
import {
	collect,
	isCollectRequest,
	isTaken,
} from '../../../../nodes/SinchCapability/waiting/queueMode/collectServer';
import { remoteAnswers } from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	type CollectResponse,
	processName,
} from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import {
	createMarkedRequestId,
	markOf,
} from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { pass, useClock } from '../../../support/clock';
import { newResponse } from '../../../support/engine/http';
import { strictContext } from '../../../support/engine/strictContext';

const N8N = 'this n8n';
const NOW = 1_769_000_000_000;

/** One request for kept answers, and the response to it so far. */
function ask(body: object, version = COLLECT_VERSION, response = newResponse()) {
	const rawBody = Buffer.from(JSON.stringify(body));
	const context = strictContext<IWebhookFunctions>({
		getInstanceId: () => N8N,
		getRequestObject: () => ({ rawBody, headers: { [COLLECT_HEADER]: version } }),
		getResponseObject: () => response,
	});
	return {
		result: collect(context),
		response,
		/** Undefined before there is a response. */
		get body() {
			return response.writableEnded ? (response.received().body as CollectResponse) : undefined;
		},
		/** The request IDs of the answers in the response. */
		get answers() {
			return this.body?.answers.map((answer) => answer.capability_notification.request_id);
		},
	};
}

/** A wait in another process. */
function newWait() {
	const ownKey = createSecret();
	const idOf = (number: number) => createMarkedRequestId(markOf(ownKey), number, N8N, NOW);
	const offer = (number: number) => {
		const capability_notification = { request_id: idOf(number), channel: 'RCS' };
		return remoteAnswers.offer({ capability_notification }, N8N, performance.now(), NOW);
	};
	return {
		idOf,
		/** An answer arrives. */
		offer,
		/** An answer arrives that this process keeps. */
		keep: (number: number) => {
			const kept = offer(number);
			if (typeof kept === 'string') throw new Error(`Not kept: ${kept}`);
			return kept;
		},
		ask: (given: object = {}, response = newResponse()) => {
			const request = { key: ownKey, requestId: idOf(0), holdMs: 10_000, lingerMs: 0, ...given };
			return ask(request, COLLECT_VERSION, response);
		},
	};
}

/** As many waits as can have their requests held. */
const fillPlaces = () => Array.from({ length: 200 }, () => newWait().ask());

/** Whether an answer is taken, empty before that is known. */
function watch(answer: Parameters<typeof isTaken>[0]) {
	const seen: { taken?: boolean } = {};
	void isTaken(answer).then((taken) => (seen.taken = taken));
	return seen;
}

useClock();

// Requests that are held end, and no wait is active any more.
afterEach(async () => await pass(120_000));

it('a request for kept answers is told by its header', () => {
	const contextWith = (headers: object) =>
		strictContext<IWebhookFunctions>({ getHeaderData: () => headers });
	expect(isCollectRequest(contextWith({ [COLLECT_HEADER]: 'any' }))).toBe(true);
	expect(isCollectRequest(contextWith({ 'content-type': 'application/json' }))).toBe(false);
});

describe('a process that keeps answers', () => {
	const key = createSecret();
	const OTHER_VERSION = 'Another version of the package is needed';
	const OTHER_N8N = 'This n8n has another instance ID';
	const byAnother = createMarkedRequestId(markOf(key), 0, 'another n8n', NOW);
	const ofAnother = newWait().idOf(0);

	it.each([
		['of another version', { key }, '1', 400, OTHER_VERSION],
		['without a key', { holdMs: 1 }, COLLECT_VERSION, 400, 'Not a request for answers'],
		['of another n8n', { key, requestId: byAnother }, COLLECT_VERSION, 409, OTHER_N8N],
		['with the ID of another wait', { key, requestId: ofAnother }, COLLECT_VERSION, 409, OTHER_N8N],
	])(
		'a request for kept answers %s is refused with the reason',
		async (_, body, version, status, message) => {
			const { result, response } = ask(body, version);
			await pass(1);
			expect(result).toEqual({ noWebhookResponse: true });
			expect(response.received()).toMatchObject({ status, body: { message } });
			// Shows the other side that the response is not one of a proxy.
			expect(response.getHeader(COLLECT_HEADER)).toBe(COLLECT_VERSION);
		},
	);

	it('a request gets the answers that are kept already at once, with the name of the process and the position of the latest', async () => {
		const wait = newWait();
		wait.keep(1);
		const { position } = wait.keep(2);
		const request = wait.ask();
		expect(request.result).toEqual({ noWebhookResponse: true });
		await pass(1);
		expect(request.response.statusCode).toBe(200);
		expect(request.response.getHeader(COLLECT_HEADER)).toBe(COLLECT_VERSION);
		expect(request.body).toMatchObject({ process: processName, number: position });
		expect(request.answers).toEqual([wait.idOf(1), wait.idOf(2)]);
	});

	it('a request is held until an answer comes, and the next one until another answer comes', async () => {
		const wait = newWait();
		let confirmed = 0;
		for (const number of [1, 2]) {
			const request = wait.ask({ received: { [processName]: confirmed } });
			await pass(5_000);
			expect(request.body).toBeUndefined();
			confirmed = wait.keep(number).position;
			await pass(1);
			expect(request.answers).toEqual([wait.idOf(number)]);
		}
	});

	it('a request without an answer is held as long as it says, and waits for no further answers then', async () => {
		const request = newWait().ask({ holdMs: 5_000, lingerMs: 500 });
		await pass(4_999);
		expect(request.body).toBeUndefined();
		await pass(1);
		expect(request.answers).toEqual([]);
	});

	it('a response waits for further answers after the first, as long as the request says', async () => {
		const wait = newWait();
		const request = wait.ask({ lingerMs: 300 });
		await pass(1_000);
		wait.keep(1);
		await pass(299);
		wait.keep(2);
		expect(request.body).toBeUndefined();
		await pass(1);
		expect(request.answers).toEqual([wait.idOf(1), wait.idOf(2)]);
	});

	it('an answer is sent again until a request confirms that it has arrived', async () => {
		const wait = newWait();
		const { position } = wait.keep(1);
		for (const [received, answers] of [
			[{}, [wait.idOf(1)]],
			[{ [processName]: position - 1 }, [wait.idOf(1)]],
			[{ 'another process': position }, [wait.idOf(1)]],
			[{ [processName]: position }, []],
		] as const) {
			const request = wait.ask({ received, holdMs: 0 });
			await pass(1);
			expect(request.answers).toEqual(answers);
		}
	});

	it('only one request of a wait is held at a time', async () => {
		const wait = newWait();
		const first = wait.ask({ holdMs: 1_000 });
		const second = wait.ask();
		await pass(1);
		expect(second.body).toMatchObject({ notHeld: 'taken', answers: [] });
		expect(first.body).toBeUndefined();
		await pass(1_000);
		expect(first.body).not.toHaveProperty('notHeld');
		const third = wait.ask();
		await pass(1);
		expect(third.body).toBeUndefined();
	});

	it('another request of a wait is held as soon as the sender of one has hung up', async () => {
		const wait = newWait();
		const { response } = wait.ask();
		await pass(1_000);
		response.destroy();
		await pass(1);
		const next = wait.ask();
		await pass(1);
		expect(next.body).toBeUndefined();
	});

	it('another request of a wait gets an answer as soon as the sender of one has hung up before its response', async () => {
		const wait = newWait();
		const { response } = wait.ask({ lingerMs: 500 });
		wait.keep(1);
		await pass(100);
		response.destroy();
		await pass(1);
		const next = wait.ask();
		await pass(1);
		expect(next.answers).toEqual([wait.idOf(1)]);
	});

	it('a request whose sender has hung up already is not held', async () => {
		const wait = newWait();
		const gone = newResponse();
		gone.destroy();
		await pass(1);
		wait.ask({}, gone);
		await pass(1);
		const next = wait.ask();
		await pass(1);
		expect(next.body).toBeUndefined();
	});

	it('a sender that takes no response for two seconds counts as disconnected', async () => {
		const wait = newWait();
		const stalled = wait.ask();
		stalled.response.detachSocket(stalled.response.socket!);
		wait.keep(1);
		await pass(1_999);
		expect(remoteAnswers.heldRequests).toBe(1);
		await pass(1);
		expect(remoteAnswers.heldRequests).toBe(0);
	});

	it('two hundred requests are held at a time, and a further one gets its response at once', async () => {
		const held = fillPlaces();
		const wait = newWait();
		const refused = wait.ask();
		await pass(1);
		expect(refused.body).toMatchObject({ notHeld: 'busy', answers: [] });
		expect(held.filter(({ body }) => body)).toEqual([]);
		held[0].response.destroy();
		await pass(1);
		const further = wait.ask();
		await pass(1);
		expect(further.body).toBeUndefined();
	});

	it('a request gets the answers that are kept already even when no further one can be held', async () => {
		fillPlaces();
		const wait = newWait();
		wait.keep(1);
		const request = wait.ask();
		await pass(1);
		expect(request.answers).toEqual([wait.idOf(1)]);
		expect(request.body).not.toHaveProperty('notHeld');
	});

	it('a wait that ends gets an empty response, and an answer to one of its requests is a repeat unless none had come by then', async () => {
		const wait = newWait();
		const held = wait.ask();
		await pass(1_000);
		const leaving = wait.ask({ leave: { unanswered: [2] } });
		await pass(1);
		expect(leaving.body).toEqual({ process: processName, number: 0, answers: [] });
		expect(held.body).toMatchObject({ answers: [] });
		expect([wait.offer(1), wait.offer(2)]).toEqual(['received', 'notAwaited']);
	});

	it('a wait counts as active for 15 seconds after the end of a request that was held', async () => {
		const wait = newWait();
		wait.ask();
		await pass(24_999);
		expect(wait.offer(1)).toBeInstanceOf(Object);
		await pass(2);
		expect(wait.offer(2)).toBe('notAwaited');
	});

	it('a wait counts as active for 15 seconds after the beginning of a request whose sender has hung up', async () => {
		const wait = newWait();
		const { response } = wait.ask();
		await pass(9_000);
		response.destroy();
		await pass(6_001);
		expect(wait.offer(1)).toBe('notAwaited');
	});
});

describe('an answer for a wait in another process', () => {
	/** A wait whose latest request could not be held. */
	async function newBusyWait() {
		const held = fillPlaces();
		const wait = newWait();
		wait.ask();
		await pass(1);
		return { wait, leave: () => held.forEach(({ response }) => response.destroy()) };
	}

	it('an answer is taken as soon as a response with it was sent', async () => {
		const wait = newWait();
		wait.ask();
		const seen = watch(wait.keep(1));
		await pass(1);
		expect(seen).toEqual({ taken: true });
	});

	it('an answer is taken after a second when its wait was active recently, and kept', async () => {
		const wait = newWait();
		wait.ask({ holdMs: 0 });
		await pass(5_000);
		const seen = watch(wait.keep(1));
		await pass(999);
		expect(seen).toEqual({});
		await pass(1);
		expect(seen).toEqual({ taken: true });
		const request = wait.ask();
		await pass(1);
		expect(request.answers).toEqual([wait.idOf(1)]);
	});

	it('an answer is to be delivered again after a second when its wait has never been active, and is not kept', async () => {
		const wait = newWait();
		const seen = watch(wait.keep(1));
		await pass(999);
		expect(seen).toEqual({});
		await pass(1);
		expect(seen).toEqual({ taken: false });
		const request = wait.ask({ holdMs: 0 });
		await pass(1);
		expect(request.answers).toEqual([]);
	});

	it('an answer is to be delivered again after three seconds when the latest request of its wait was not held and none has followed', async () => {
		const { wait } = await newBusyWait();
		const seen = watch(wait.keep(1));
		await pass(2_999);
		expect(seen).toEqual({});
		await pass(1);
		expect(seen).toEqual({ taken: false });
	});

	it('an answer is taken when its wait, whose latest request was not held, collects it after a pause', async () => {
		const { wait } = await newBusyWait();
		const seen = watch(wait.keep(1));
		await pass(2_000);
		expect(seen).toEqual({});
		wait.ask();
		await pass(1);
		expect(seen).toEqual({ taken: true });
	});

	it('an answer is taken after a second again once a request of its wait has been held', async () => {
		const { wait, leave } = await newBusyWait();
		leave();
		await pass(1);
		const { response } = wait.ask();
		await pass(1);
		response.destroy();
		await pass(1);
		const seen = watch(wait.keep(1));
		await pass(1_000);
		expect(seen).toEqual({ taken: true });
	});

	it.each([
		['could not be sent yet', false],
		['was lost because the sender has hung up', true],
	])(
		'an answer is for the workflow when its wait ends without it and the response %s',
		async (_, isLost) => {
			const wait = newWait();
			const { response } = wait.ask();
			const { socket } = response;
			response.detachSocket(socket!);
			const seen = watch(wait.keep(1));
			await pass(100);
			if (isLost) response.emit('close');
			await pass(100);
			expect(seen).toEqual({});
			wait.ask({ leave: { unanswered: [1] } });
			await pass(1);
			expect(seen).toEqual({ taken: false });
		},
	);
});
