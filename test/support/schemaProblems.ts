/** The part of JSON Schema that n8n's editor reads. */
export interface Schema {
	type: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

function typeOf(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * Compares an output schema with what a node really emitted.
 *
 * @returns every value that the schema does not describe, and every property that no value has
 */
export function schemaProblems(schema: Schema, values: unknown[], path = '$'): string[] {
	const types = [schema.type].flat();
	const wrong = values
		.filter((value) => !types.includes(typeOf(value)))
		.map((value) => `${path} is ${typeOf(value)}`);
	const objects = values.filter((value) => typeOf(value) === 'object') as object[];
	const properties = schema.properties ?? {};
	const extra = objects
		.flatMap((object) => Object.keys(object))
		.filter((key) => !(key in properties))
		.map((key) => `${path}.${key} is not in the schema`);
	const inside = Object.entries(properties).flatMap(([key, property]) => {
		const given = objects.flatMap((object) =>
			key in object ? [(object as Record<string, unknown>)[key]] : [],
		);
		return given.length === 0
			? [`${path}.${key} is in no item`]
			: schemaProblems(property, given, `${path}.${key}`);
	});
	const elements = values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
	const ofItems =
		schema.items && elements.length > 0 ? schemaProblems(schema.items, elements, `${path}[]`) : [];
	return [...new Set([...wrong, ...extra, ...inside, ...ofItems])];
}
