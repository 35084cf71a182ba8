import { type IExecuteFunctions, type IHttpRequestMethods, sleep } from 'n8n-workflow';

import { probe } from './queueMode/collectClient';
import { ExpiringMap } from '../shared/expiringMap';
import type { Receiver } from '../shared/webhookAddresses';
import { type HttpResponse, WHOLE_RESPONSE } from '../transport/errors';

/** How long the result for an address counts, in milliseconds. */
const MAX_KNOWN_MS = 60_000;

/** An address that this process cannot reach keeps no execution waiting for longer. */
const MAX_LOOK_MS = 500;

const MAX_ADDRESSES = 100;

type Listening = 'yes' | 'no' | 'unknown';

const known = new ExpiringMap<Listening>(MAX_KNOWN_MS, MAX_ADDRESSES);

/** A trigger itself responds to a request for answers. n8n's list of addresses can be out of date. */
async function lookAtTrigger(context: IExecuteFunctions, url: string): Promise<Listening> {
	const { response, status } = await probe(context, url);
	if (response) {
		return 'yes';
	}
	return status === 404 ? 'no' : 'unknown';
}

/** n8n says which methods an address has, without a workflow none but OPTIONS; it starts none for that. */
async function lookAtWebhook(context: IExecuteFunctions, url: string): Promise<Listening> {
	const { statusCode, headers }: HttpResponse = await context.helpers.httpRequest({
		url,
		// n8n's type lacks it.
		method: 'OPTIONS' as IHttpRequestMethods,
		headers: { origin: new URL(url).origin },
		timeout: MAX_LOOK_MS,
		...WHOLE_RESPONSE,
	});
	// A proxy may answer with other methods: only n8n's exact words count.
	const isUnused = statusCode === 204 && headers['access-control-allow-methods'] === 'OPTIONS';
	return isUnused ? 'no' : 'unknown';
}

/**
 * Whether a published workflow, or one that listens for a test, receives what Sinch posts to an
 * address of this n8n: `yes` for a trigger of this package that responds, from which answers can be
 * collected; `unknown` for one that cannot be reached from here, or for another node. Takes half a second
 * at most, and nothing when it was looked up within the last minute and the result may be that old.
 */
export async function listeningAt(
	context: IExecuteFunctions,
	{ target, kind }: Receiver,
	isFresh = false,
): Promise<Listening> {
	const earlier = isFresh ? undefined : known.get(target, performance.now());
	if (earlier) {
		return earlier;
	}
	const look = kind === 'other' ? lookAtWebhook : lookAtTrigger;
	const result = await Promise.race([
		look(context, target).catch((): Listening => 'unknown'),
		sleep(MAX_LOOK_MS).then((): Listening => 'unknown'),
	]);
	// A workflow may be published at any moment.
	if (result !== 'no') {
		known.set(target, result, performance.now());
	}
	return result;
}
