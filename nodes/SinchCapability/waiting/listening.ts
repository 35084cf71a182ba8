import type { IExecuteFunctions, IHttpRequestMethods } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { ExpiringMap } from '../shared/expiringMap';
import { isTestTarget } from '../shared/triggerPaths';

/** How long the result for an address counts, in milliseconds. */
const MAX_KNOWN_MS = 60_000;

/** An address that this process cannot reach keeps no execution waiting for longer. */
const MAX_LOOK_MS = 500;

const MAX_ADDRESSES = 100;

type Listening = 'yes' | 'no' | 'unknown';

const known = new ExpiringMap<Listening>(MAX_KNOWN_MS, MAX_ADDRESSES);

/** The methods in n8n's response for an address without a workflow: none but this one. */
const NO_METHOD = 'OPTIONS';

/** n8n says which methods an address has, and starts no workflow for that. */
async function look(context: IExecuteFunctions, target: string): Promise<Listening> {
	const response = (await context.helpers.httpRequest({
		// n8n's type lacks it.
		method: 'OPTIONS' as IHttpRequestMethods,
		url: target,
		headers: { origin: new URL(target).origin },
		timeout: MAX_LOOK_MS,
		disableFollowRedirect: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	})) as { statusCode: number; headers: Record<string, unknown> };
	const methods = response.headers['access-control-allow-methods'];
	if (response.statusCode === 404 && isTestTarget(target)) {
		return 'no';
	}
	if (response.statusCode !== 204 || typeof methods !== 'string') {
		return 'unknown';
	}
	// A proxy may answer with other methods: only n8n's exact words count.
	return methods === NO_METHOD ? 'no' : /\bPOST\b/.test(methods) ? 'yes' : 'unknown';
}

/**
 * Whether a published workflow, or one that listens for a test, receives what Sinch posts to an
 * address of this n8n; `unknown` when the address cannot be reached from here. Takes half a second at
 * most, and nothing when it was looked up within the last minute.
 *
 * @param isFresh whether an earlier result does not count
 */
export async function listeningAt(
	context: IExecuteFunctions,
	target: string,
	isFresh = false,
): Promise<Listening> {
	const earlier = isFresh ? undefined : known.get(target, performance.now());
	if (earlier) {
		return earlier;
	}
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
