/**
 * A resource locator's value as n8n stores it; workflows made before there was a picker hold the
 * plain text.
 */
export type Located = string | { mode?: string; value?: unknown } | null | undefined;

/**
 * The id that a resource locator names, without spaces around it; empty for none. In contrast to
 * n8n's `extractValue` it costs no walk through the node's description for each item.
 */
export function idOf(located: Located): string {
	const value = typeof located === 'object' ? located?.value : located;
	return String(value ?? '').trim();
}

/** Whether the text is an expression that n8n has not worked out, as it may stand in the editor. */
export const isExpression = (text: string): boolean => text.startsWith('=');
