import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The characters of a ULID by part: 50 bits of time, then 80 free bits. */
const TIME_LENGTH = 10;
const ULID_LENGTH = 26;

/**
 * The characters of a marked id: the time to 33 s (35 bits), a check (30), the mark (50) and a number within the
 * wait (15). One in 2^30 ULIDs of users has a valid check by chance.
 */
const COARSE_TIME_LENGTH = 7;
const CHECK_LENGTH = 6;
const MARK_LENGTH = 10;
const NUMBER_LENGTH = 3;

const MARKED = new RegExp(`^[0-7][${ALPHABET}]{${ULID_LENGTH - 1}}$`);

/** The last digits of a number. */
const toBase32 = (value: bigint, length: number): string =>
	[...value.toString(32).padStart(length, '0').slice(-length)]
		.map((digit) => ALPHABET[parseInt(digit, 32)])
		.join('');

const fromBase32 = (text: string): number =>
	[...text].reduce((value, character) => value * 32 + ALPHABET.indexOf(character), 0);

/** The first bits of a hash, as characters of a ULID. */
function hashOf(purpose: string, text: string, length: number): string {
	const digest = createHash('sha256').update(`${purpose} ${text}`).digest('hex');
	return toBase32(BigInt(`0x${digest}`), length);
}

/** Differs for each n8n: those that use the same app get the answers to each other's waits as well. */
const checkOf = (text: string, instanceId: string) =>
	hashOf('check', `${instanceId} ${text}`, CHECK_LENGTH);

/** A new ULID, the form of Sinch's own ids: 48 bits of time and 80 random ones. @param now milliseconds since 1970 */
export function createRequestId(now: number): string {
	const random = BigInt(`0x${randomBytes(10).toString('hex')}`);
	return toBase32(BigInt(now), TIME_LENGTH) + toBase32(random, ULID_LENGTH - TIME_LENGTH);
}

/** What the request ids of a wait have in common: made of a hash, so that it gives no hint of the key. */
export const markOf = (key: string): string => hashOf('mark', key, MARK_LENGTH);

/** A ULID that shows any process of this n8n which wait owns it. @param number within the wait; 0 again after 32,767 */
export function createMarkedRequestId(
	mark: string,
	number: number,
	instanceId: string,
	now: number,
): string {
	const time = toBase32(BigInt(now), TIME_LENGTH).slice(0, COARSE_TIME_LENGTH);
	const owner = mark + toBase32(BigInt(number), NUMBER_LENGTH);
	return time + checkOf(time + owner, instanceId) + owner;
}

/**
 * Undefined for an id without a mark, which did not come from a wait of this n8n.
 *
 * @returns `createdAt` in milliseconds since 1970, at most 33 s too late
 */
export function readMark(requestId: string, instanceId: string) {
	const time = requestId.slice(0, COARSE_TIME_LENGTH);
	const check = requestId.slice(COARSE_TIME_LENGTH, COARSE_TIME_LENGTH + CHECK_LENGTH);
	const owner = requestId.slice(COARSE_TIME_LENGTH + CHECK_LENGTH);
	if (!MARKED.test(requestId) || check !== checkOf(time + owner, instanceId)) {
		return undefined;
	}
	return {
		mark: owner.slice(0, MARK_LENGTH),
		number: fromBase32(owner.slice(MARK_LENGTH)),
		createdAt: fromBase32(time.padEnd(TIME_LENGTH, ALPHABET.slice(-1))),
	};
}
