import { unreachableBecause } from '../../../nodes/SinchCapability/shared/ownAddresses';

describe('a webhook target', () => {
	it.each([
		'https://n8n.example.com/webhook/1/capability',
		'https://203.0.113.7/webhook',
		'https://[2001:db8::1]/webhook',
		'https://172.32.0.1/webhook',
		'https://11.0.0.1:8443/webhook',
	])('%s can be reached by Sinch', (target) => {
		expect(unreachableBecause(target)).toBeUndefined();
	});

	it.each([
		'http://localhost:5678/webhook',
		'https://LOCALHOST/webhook',
		'https://n8n.localhost/webhook',
		'https://127.0.0.1/webhook',
		'https://127.1/webhook',
		'https://10.1.2.3/webhook',
		'https://172.16.0.1/webhook',
		'https://192.168.1.10/webhook',
		'https://169.254.1.1/webhook',
		'https://100.64.0.1/webhook',
		'https://0.0.0.0/webhook',
		'https://[::1]/webhook',
		'https://[fd12:3456::1]/webhook',
		'https://[fe80::1]/webhook',
		'https://[::ffff:127.0.0.1]/webhook',
		'https://n8n/webhook',
		'https://n8n.local/webhook',
	])('%s cannot be reached from the internet', (target) => {
		expect(unreachableBecause(target)).toMatch(/is not reachable from the internet$/);
	});

	it.each([
		'https://n8n.example.com/#/webhook/1/capability',
		'https://n8n.example.com/ /webhook/1/capability',
		'https://n8n.example.com/%20/webhook/1/capability',
	])('%s cannot be reached from anywhere', (target) => {
		for (const isFromInternet of [true, false]) {
			expect(unreachableBecause(target, isFromInternet)).toBe('it contains a # or a stray space');
		}
	});

	it.each([
		['http://localhost:5678/webhook', undefined],
		['https://10.1.2.3/my%20n8n/webhook', undefined],
		['http://n8n/?to=a/webhook', undefined],
		['ftp://n8n/webhook', 'Sinch delivers to https addresses only'],
		['n8n.example.com/webhook', 'it is not a complete address'],
	])('in the network of n8n, what is wrong with %s is %s', (target, problem) => {
		expect(unreachableBecause(target, false)).toBe(problem);
	});

	it('must be https', () => {
		expect(unreachableBecause('http://n8n.example.com/webhook')).toBe(
			'Sinch delivers to https addresses only',
		);
	});
});
