import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { channelName, CHANNELS } from '../sinch/channels';
import { chosenApp } from './app';

/** Sinch's names of the channels set up in the chosen app; undefined when that cannot be known. */
async function channelsSetUp(context: ILoadOptionsFunctions): Promise<string[] | undefined> {
	return await chosenApp(context).then(
		(app) => app?.channels,
		() => undefined,
	);
}

/**
 * The channels to choose from; those that the app lacks say so. Without a credential, or when Sinch
 * does not answer, all channels are there as they are: the list is a help and no condition.
 */
export async function getChannels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const setUp = await channelsSetUp(this);
	if (!setUp) {
		return CHANNELS.map(({ name, value }) => ({ name, value }));
	}
	const values = new Set([...CHANNELS.map(({ value }) => value), ...setUp]);
	return [...values]
		.map((value) => ({
			name: `${channelName(value)}${setUp.includes(value) ? '' : ' (not set up in this app)'}`,
			value,
		}))
		.sort((one, other) => one.name.localeCompare(other.name));
}
