/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { AsyncLocalStorage } from 'node:async_hooks';
import { InstanceSettings } from 'n8n-core';

/** n8n's settings, of which its contexts give a node the instance ID and the type of the process. */
export function settingsOfN8n(): InstanceSettings {
	// n8n-core's own copy, which holds the settings that its contexts read.
	const di = require.resolve('@n8n/di', { paths: [require.resolve('n8n-core')] });
	const { Container } = jest.requireActual<{
		Container: { get<T>(type: new (...args: never[]) => T): T };
	}>(di);
	return Container.get(InstanceSettings);
}

const instance = new AsyncLocalStorage<string>();

/** Makes a call in another n8n than that of the test, with an instance ID of its own. */
export async function inInstance<T>(id: string, call: () => Promise<T>): Promise<T> {
	const settings = settingsOfN8n();
	if (Object.getOwnPropertyDescriptor(settings, 'instanceId')?.get === undefined) {
		const own = settings.instanceId;
		// Calls in several of them can run at the same time.
		Object.defineProperty(settings, 'instanceId', { get: () => instance.getStore() ?? own });
	}
	return await instance.run(id, call);
}
