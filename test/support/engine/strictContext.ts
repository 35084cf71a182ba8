import { UnexpectedError } from 'n8n-workflow';

/** The members that a test provides: overloaded methods as plain functions, nested objects in part. */
export type Given<Context> = {
	[Key in keyof Context]?: Context[Key] extends (...args: never[]) => unknown
		? (...args: never[]) => unknown
		: Context[Key] extends object
			? Given<Context[Key]>
			: Context[Key];
};

/** Read by `await`, `JSON.stringify` and Jest's matchers on any object. */
const harmless = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName']);

/**
 * An n8n context with only the given members, also in `helpers` and other nested objects: any other member
 * throws, so that a test detects unexpected calls.
 *
 * @example
 * const context = strictContext<IExecuteFunctions>({ getNode: () => node });
 * context.getInputData(); // throws: The context was not given getInputData
 */
export function strictContext<Context extends object>(given: Given<Context>, path = ''): Context {
	return new Proxy(given, {
		get(target, key) {
			const value = Reflect.get(target, key) as unknown;
			if (typeof key === 'symbol' || harmless.has(key)) return value;
			if (!(key in target)) throw new UnexpectedError(`The context was not given ${path}${key}`);
			return isPlain(value) ? strictContext(value, `${path}${key}.`) : value;
		},
		set(_target, key) {
			throw new UnexpectedError(`The context's ${path}${String(key)} was written to`);
		},
	}) as Context;
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return (
		typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
	);
}
