/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { parse } from 'node:querystring';
import { gunzipSync, inflateSync } from 'node:zlib';
import { jsonParse, UserError } from 'n8n-workflow';
import type { WebhookRequest } from './http';

/** n8n's response to a body that it cannot parse. */
export interface ParseFailure {
	code: 422;
	message: string;
	hint: string;
}

/**
 * Sets `rawBody` and `body` of a request as n8n 2.41.1 does before it calls a node (`parseRequestBody` in
 * `webhook-helpers.js`, `middlewares/body-parser.js`): always for version 1 of a node, and for later versions
 * only when the content type is one that n8n parses.
 */
export function readBody(request: WebhookRequest, typeVersion: number): ParseFailure | undefined {
	const { contentType = '', headers, sent } = request;
	if (/xml$|^multipart/.test(contentType)) {
		throw new UserError(`Bodies of type ${contentType} are not imitated`);
	}
	const isParsed = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'].some(
		(type) => contentType.startsWith(type),
	);
	if (typeVersion > 1 && !isParsed) return undefined;

	const rawBody = decoded(sent, headers['content-encoding']);
	request.rawBody = rawBody;
	if (rawBody.length === 0) return undefined;
	const text = rawBody.toString();
	if (contentType === 'text/plain') request.body = text;
	if (contentType === 'application/x-www-form-urlencoded') request.body = { ...parse(noBom(text)) };
	if (contentType !== 'application/json') return undefined;
	try {
		request.body = jsonParse(noBom(text));
		return undefined;
	} catch (error) {
		const hint = error instanceof Error ? error.message : String(error);
		return { code: 422, message: 'Failed to parse request body', hint };
	}
}

function noBom(text: string): string {
	return text.replace(/^\uFEFF/, '');
}

function decoded(sent: Buffer, encoding: string | undefined): Buffer {
	if (encoding === 'gzip') return gunzipSync(sent);
	if (encoding === 'deflate') return inflateSync(sent);
	return sent;
}
