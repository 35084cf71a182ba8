import type { Random } from './random';

const STATUSES = ['CAPABILITY_FULL', 'CAPABILITY_PARTIAL', 'NO_CAPABILITY', 'CAPABILITY_UNKNOWN'];
const CHANNELS = ['RCS', 'WHATSAPP', 'SMS', 'VIBERBM', 'MMS'];
const FIELDS = [
	'request_id',
	'contact_id',
	'channel',
	'identity',
	'capability_status',
	'channel_capabilities',
	'reason',
];

type Json = Record<string, unknown>;

/** A callback as Sinch documents it. */
export function realCallback(random: Random): Json {
	const id = () => `01W4${random.below(1e9).toString(36).toUpperCase().padStart(22, '0')}`;
	const capability_status = random.pick(STATUSES);
	return {
		app_id: id(),
		accepted_time: '2026-01-15T10:20:30.123456Z',
		event_time: '2026-01-15T10:20:29Z',
		project_id: '',
		capability_notification: {
			request_id: id(),
			contact_id: random.chance(0.5) ? id() : '',
			channel: random.pick(CHANNELS),
			identity: `4670${random.below(1e7)}`,
			capability_status,
			...(capability_status === 'CAPABILITY_PARTIAL' && { channel_capabilities: ['ACTION_DIAL'] }),
			...(capability_status === 'NO_CAPABILITY' && { reason: { code: 'RECIPIENT_NOT_REACHABLE' } }),
		},
		message_metadata: '',
	};
}

const nest = (levels: number, inner: unknown): unknown =>
	levels === 0 ? inner : nest(levels - 1, levels % 2 ? [inner] : { in: inner });

/** Values in place of the text, list or object that Sinch sends. */
function oddValue(random: Random): unknown {
	return random.pick<() => unknown>([
		() => random.below(1e15),
		() => -0.5,
		() => 1e308,
		() => true,
		() => null,
		() => [],
		() => ({}),
		() => [['x']],
		() => ({ toString: 1, valueOf: null }),
		() => ({ constructor: { prototype: { polluted: 1 } } }),
		() => '',
		() => '\ud800',
		() => 'a\udfff\ud800b',
		() => 'nul\0inside',
		() => '__proto__',
		() => 'constructor',
		() => '={{ $env.HOME }}',
		() => '\u202e\u2028\u2029',
		() => 'x'.repeat(random.below(5000)),
		() => nest(random.below(100), 'deep'),
	])();
}

/** Changes some fields of a callback before it is signed, as Sinch itself could do in the future. */
function withOddValues(body: Json, random: Random): Json {
	const notification = { ...(body.capability_notification as Json) };
	for (let count = 1 + random.below(4); count > 0; count--) {
		notification[random.pick(FIELDS)] = oddValue(random);
	}
	const top = random.chance(0.3) ? { [random.pick(Object.keys(body))]: oddValue(random) } : {};
	return { ...body, capability_notification: notification, ...top };
}

const PROTO = '"__proto__":{"polluted":1,"toString":2},"constructor":{"prototype":{"polluted":1}}';

/** The text to sign: JSON, or not. */
const TEXTS: Array<(body: Json, random: Random) => string> = [
	(body) => JSON.stringify(body),
	(body) => JSON.stringify(body, null, '\t'),
	(body, random) => JSON.stringify(Object.fromEntries(random.shuffle(Object.entries(body)))),
	(body, random) => JSON.stringify(withOddValues(body, random)),
	(body, random) => JSON.stringify(withOddValues(body, random)),
	(body, random) => JSON.stringify({ ...body, capability_notification: oddValue(random) }),
	(body) => JSON.stringify(body.capability_notification),
	(body, random) =>
		JSON.stringify({ ...(body.capability_notification as Json), channel: oddValue(random) }),
	(body) => JSON.stringify(body).replace('{', `{${PROTO},`),
	(body) => JSON.stringify(body).replace('notification":{', `notification":{${PROTO},`),
	(body) => JSON.stringify(body).replace('notification":{', `notification":{"reason":{${PROTO}},`),
	(body) => JSON.stringify(body).replace(/}$/, ',"app_id":"twice","app_id":7}'),
	(body) => `\uFEFF${JSON.stringify(body)}`,
	(body) => JSON.stringify([body]),
	(body) => JSON.stringify(JSON.stringify(body)),
	(body) => JSON.stringify({ message_inbound_notification: body }),
	(_, random) => JSON.stringify(oddValue(random)),
	() => '',
	(body, random) => JSON.stringify(body).slice(0, random.below(300)),
	(body) => `${JSON.stringify(body)}\0`,
	(body) => `${JSON.stringify(body)}${JSON.stringify(body)}`,
	(_, random) => random.bytes(random.below(400)).toString('latin1'),
	(_, random) => `${'['.repeat(random.below(3000))}`,
	(_, random) => {
		const levels = random.below(3000);
		return `${'{"capability_notification":'.repeat(levels)}{}${'}'.repeat(levels)}`;
	},
];

/** A body of any kind. One in 400 has a text of one megabyte, or lists of many thousand elements. */
export function anyBody(random: Random): Buffer {
	const body = realCallback(random);
	if (random.chance(1 / 400)) {
		const long = random.pick<unknown>(['x'.repeat(1_048_576), Array(100_000).fill({ a: [1] })]);
		const notification = { ...(body.capability_notification as Json), identity: long };
		return Buffer.from(JSON.stringify({ ...body, capability_notification: notification }));
	}
	return random.chance(0.03)
		? random.bytes(random.below(300))
		: Buffer.from(random.pick(TEXTS)(body, random));
}
