import type { Demo, QueryEntry } from '../simulator/wire.ts';

async function read<T>(simulatorUrl: string, path: string): Promise<T> {
	const response = await fetch(`${simulatorUrl}/_control${path}`);
	if (!response.ok) throw new Error(`The simulator answered ${path} with ${response.status}`);
	return (await response.json()) as T;
}

export async function readDemo(simulatorUrl: string): Promise<Demo> {
	return await read(simulatorUrl, '/demo');
}

/** When the simulator received each query, in milliseconds since 1970, by request ID. */
export async function readAskedAt(
	simulatorUrl: string,
	requestIds: string[],
): Promise<Map<string, number>> {
	const path = `/log?requestId=${requestIds.join(',')}`;
	const { queries } = await read<{ queries: QueryEntry[] }>(simulatorUrl, path);
	return new Map(queries.map(({ requestId, at }) => [requestId, Date.parse(at)]));
}

/** The app that stores contacts: the only one that supports queries by contact ID. */
export function conversationApp(demo: Demo): Demo['apps'][number] {
	return demo.apps.find(({ processingMode }) => processingMode === 'CONVERSATION')!;
}
