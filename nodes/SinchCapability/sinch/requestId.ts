import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new ULID, the form of Sinch's own ids: 48 bits of time and 80 random bits as 26 characters,
 * e.g. `01W4FFL35P4NC4K35CAPABILITY`.
 *
 * @param now milliseconds since 1970
 */
export function createRequestId(now: number): string {
	const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
	bytes.writeUIntBE(now, 0, 6);
	let value = BigInt(`0x${bytes.toString('hex')}`);
	let id = '';
	for (let position = 0; position < 26; position++) {
		id = ALPHABET[Number(value & 31n)] + id;
		value >>= 5n;
	}
	return id;
}
