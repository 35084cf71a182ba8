import nock from 'nock';

// Loaded on demand, because nock patches Node's http as soon as it is loaded.
nock.restore();

export interface NockOptions {
	/** Allows requests to 127.0.0.1 (the simulator). */
	allowLoopback?: boolean;
}

/**
 * Call it in a `describe`: within it, every request must match an interceptor, and every interceptor (except
 * `persist`ed ones) must be used by the test that set it. Afterwards nock restores http for the next test
 * file.
 *
 * @example
 * describe('the client', () => {
 * 	useNock();
 * 	it('sends', async () => {
 * 		nock('https://us.conversation.api.sinch.com').post('/v1/projects/p/capability:query').reply(200, {});
 */
export function useNock({ allowLoopback = false }: NockOptions = {}) {
	beforeAll(() => {
		if (!nock.isActive()) nock.activate();
		nock.disableNetConnect();
		if (allowLoopback) nock.enableNetConnect(/^127\.0\.0\.1(:\d+)?$/);
	});
	afterEach(() => {
		const unused = nock.pendingMocks();
		nock.abortPendingRequests();
		nock.cleanAll();
		expect(unused).toEqual([]);
	});
	afterAll(() => {
		nock.enableNetConnect();
		nock.restore();
	});
}
