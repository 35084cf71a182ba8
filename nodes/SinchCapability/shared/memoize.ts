/** A function that makes the value of each key once. */
export function memoize<Value>(make: (key: string) => Value) {
	const known = new Map<string, Value>();
	return (key: string): Value => {
		const value = known.get(key) ?? make(key);
		known.set(key, value);
		return value;
	};
}
