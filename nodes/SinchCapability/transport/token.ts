/** A token is renewed this long before its end, in milliseconds. */
const MARGIN_MS = 5_000;

/**
 * Whether a token can still be used. Sinch's tokens are JWTs with their end in `exp`, in seconds;
 * of one that cannot be read, Sinch's answer will tell.
 */
export function isUsable(token: string, now: number): boolean {
	if (token === '') {
		return false;
	}
	try {
		const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
		return typeof exp !== 'number' || exp * 1000 - now > MARGIN_MS;
	} catch {
		return true;
	}
}
