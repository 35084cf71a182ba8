/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest } from '../support/engine';
import { callWebhook } from '../support/engine';
import { WebhookResponse } from '../support/engine/http';
import { SECRET, signed } from '../support/signed';
import { until } from '../support/until';

/** Of a trigger node of its own for each test, because a process remembers what it has received. */
let path: string;
let server: Server<typeof IncomingMessage, typeof WebhookResponse>;
let parameters: INodeParameters;
/** The identities of each execution, in the order in which they started. */
let executions: string[][];
/** How long n8n takes before it calls the node, by identity, in milliseconds. */
let delays: Record<string, number>;
let sockets: Socket[];

beforeEach(async () => {
	path = `/webhook/${randomUUID()}/capability`;
	parameters = {};
	executions = [];
	delays = {};
	sockets = [];
	server = createServer(
		{ IncomingMessage, ServerResponse: WebhookResponse },
		async (request, response) => {
			const rawBody = await buffer(request);
			const identity = /"identity":"(\w+)"/.exec(rawBody.toString())?.[1] ?? '';
			await sleep(delays[identity] ?? 0);
			const { workflowData } = await callWebhook(new SinchCapabilityTrigger(), {
				parameters: { outputMode: 'single', ...parameters },
				staticData: { webhookId: '01W4', secret: SECRET },
				webhookUrl: `https://n8n.example.com${path}`,
				request: { headers: request.headers as never, rawBody },
				response,
			});
			if (workflowData) executions.push(workflowData[0].map(({ json }) => String(json.identity)));
		},
	);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});

afterEach(() => {
	sockets.forEach((socket) => socket.destroy());
	server.closeAllConnections();
	server.close();
});

/** A callback as Sinch writes it on a connection. */
function onTheWire(identity: string): string {
	const { headers, rawBody }: GivenRequest = signed(
		{ capability_notification: { request_id: identity, channel: 'RCS', identity } },
		{ nonce: identity },
	);
	const body = String(rawBody);
	const lines = Object.entries({ ...headers, host: 'n8n', 'content-length': body.length });
	const head = lines.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
	return `POST ${path} HTTP/1.1\r\n${head}\r\n${body}`;
}

/** Writes callbacks at once on one connection; gives the statuses as they arrive. */
function send(...identities: string[]): { statuses: string[]; socket: Socket } {
	const statuses: string[] = [];
	const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
	sockets.push(socket);
	let received = '';
	socket.on('data', (data) => {
		received += data.toString();
		const all = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
		statuses.push(...all.slice(statuses.length));
	});
	socket.write(identities.map(onTheWire).join(''));
	return { statuses, socket };
}

describe.each(['groupedWhenBusy', 'onePerAnswer', 'groupedByTime'])(
	'callbacks that are written at once on one connection, with Executions %s',
	(mode) => {
		beforeEach(() => {
			parameters = { options: { executions: mode, windowSeconds: 0.1 } };
		});

		it(`callbacks written at once on one connection, with Executions ${mode}, are all accepted when a later one overtakes the first, and other connections go on`, async () => {
			delays = { first: 60, second: 0, third: 30 };
			const pipelined = send('first', 'second', 'third');
			await sleep(100);
			const other = send('other');
			await until(() => other.statuses.length === 1 && pipelined.statuses.length === 3);
			expect([...pipelined.statuses, ...other.statuses]).toEqual(['200', '200', '200', '200']);
			expect(executions.flat().sort()).toEqual(['first', 'other', 'second', 'third']);
		});

		it(`callbacks written at once on one connection, with Executions ${mode}, start one execution when the second is a repeat of the first and overtakes it`, async () => {
			const { statuses } = send('first', 'first');
			await until(() => statuses.length === 2);
			expect(statuses).toEqual(['200', '200']);
			expect(executions).toEqual([['first']]);
		});

		it(`callbacks written at once on one connection, with Executions ${mode}, do not hold up others when the sender disconnects before it has read anything`, async () => {
			delays = { first: 500 };
			send('first', 'second').socket.destroy();
			await sleep(50);
			const { statuses } = send('other');
			await until(() => statuses.length === 1);
			expect(statuses).toEqual(['200']);
			expect(executions.flat()).toContain('other');
		});
	},
);
