/** Deeper than any Sinch callback, shallow enough for recursive code downstream. */
const MAX_DEPTH = 64;

function isDeeperThan(levels: number, value: unknown): boolean {
	return (
		typeof value === 'object' &&
		value !== null &&
		(levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)))
	);
}

/** Keys that could change a prototype when the object is copied. */
const dropPrototypes = (key: string, value: unknown): unknown =>
	key === '__proto__' ? undefined : value;

/**
 * The body as it was signed, not as n8n parsed it by its content type.
 *
 * @returns undefined for anything that is not JSON, or is nested deeper than 64 levels
 */
export function parseBody(rawBody: Buffer): unknown {
	try {
		const text = rawBody.toString('utf8').replace(/^\uFEFF/, '');
		const body: unknown = JSON.parse(text, dropPrototypes);
		return isDeeperThan(MAX_DEPTH, body) ? undefined : body;
	} catch {
		return undefined;
	}
}
