/**
 * Preloaded into n8n and each Node process that it starts: writes the host of every connection that is
 * tried to a file, one a line, also those that the network refuses.
 */
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
	const [options] = [args[0]].flat();
	const isPath = typeof options === 'object' && options !== null && 'path' in options;
	if (!isPath || options.port !== undefined) {
		const host =
			typeof options === 'object' ? (options.host ?? 'localhost') : (args[1] ?? 'localhost');
		appendFileSync(process.env.CONNECTIONS_FILE, `${host}\n`);
	}
	return connect.apply(this, args);
};
