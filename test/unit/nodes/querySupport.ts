import nock from 'nock';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { runNode, useNock } from '../../support/engine';
import { PROJECT_ID, storeWith } from '../../support/package';

export const SINCH = 'https://eu.conversation.api.sinch.com';
export const PATH = `/v1/projects/${PROJECT_ID}/capability:query`;

export interface Query {
	app_id: string;
	project_id: string;
	recipient: unknown;
	request_id: string;
}

/** The part of Sinch that this operation needs: acknowledges queries and records them. */
export function acknowledge(times = 1) {
	const asked: Query[] = [];
	nock(SINCH, { reqheaders: { authorization: 'Bearer stored-token', 'content-type': /json/ } })
		.post(PATH)
		.times(times)
		.reply(200, (_, body) => {
			asked.push(body as Query);
			const { app_id, recipient, request_id } = body as Query;
			return { app_id, recipient, request_id };
		});
	return asked;
}

export const identities = (
	...pairs: Array<[channel: unknown, identity: unknown]>
): INodeParameters => ({
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: pairs.map(([channel, identity]) => ({ channel, identity })) as INodeParameters[],
	},
});

export const run = async (
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: Partial<Parameters<typeof runNode>[3]> = {},
) =>
	await runNode(new SinchCapability(), parameters, items, {
		credentials: storeWith(),
		...settings,
	});

/** Lets a file of tests run the node without a server: no request but those that a test expects. */
export function useSinch(): void {
	useNock();
	// Read before the first wait for a turn: these tests query many items within a second.
	beforeEach(() => {
		nock(SINCH)
			.get(/\/webhooks$/)
			.times(10)
			.optionally()
			.reply(200, { webhooks: [] });
	});
}
