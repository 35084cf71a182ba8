import type { Demo } from '../simulator/wire.ts';

export async function readDemo(simulatorUrl: string): Promise<Demo> {
	const response = await fetch(`${simulatorUrl}/_control/demo`);
	if (!response.ok) throw new Error(`The simulator responded with ${response.status}`);
	return (await response.json()) as Demo;
}

/** The app that stores contacts: the only one that supports queries by contact ID. */
export function conversationApp(demo: Demo): Demo['apps'][number] {
	return demo.apps.find(({ processingMode }) => processingMode === 'CONVERSATION')!;
}
