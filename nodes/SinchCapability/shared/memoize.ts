/** A function that makes the value of each key once. @param known the values so far */
export const memoize =
	<Value>(make: (key: string) => Value, known = new Map<string, Value>()) =>
	(key: string): Value => {
		const value = known.get(key) ?? make(key);
		known.set(key, value);
		return value;
	};
