import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { channelName, CHANNELS } from '../sinch/channels';
import { chosenApp } from './chosenApp';

/** Sinch's names of the channels set up in the chosen app; undefined when that cannot be known. */
async function channelsSetUp(context: ILoadOptionsFunctions): Promise<string[] | undefined> {
	return await chosenApp(context).then(
		(app) => app?.channels,
		() => undefined,
	);
}

const toOptions = (values: string[], label: (name: string) => string): INodePropertyOptions[] =>
	values
		.map((value) => ({ name: label(channelName(value)), value }))
		.sort((one, other) => one.name.localeCompare(other.name));

/**
 * The channels to choose from, those of the app first; the others say that it lacks them. Without a credential, or when Sinch
 * does not answer, all channels are there as they are: the list is a help and no condition.
 */
export async function getChannels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const setUp = await channelsSetUp(this);
	if (!setUp) {
		return CHANNELS.map(({ name, value }) => ({ name, value }));
	}
	const others = CHANNELS.map(({ value }) => value).filter((value) => !setUp.includes(value));
	return [
		...toOptions(setUp, (name) => name),
		...toOptions(others, (name) => `${name} (not set up in this app)`),
	];
}
