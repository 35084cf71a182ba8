import nock from 'nock';

// Loaded on demand, because nock patches Node's http as soon as it is loaded.
nock.restore();

/**
 * Call it in a file or a `describe`: within it, every request must match an interceptor, and every
 * interceptor (except persistent and optional ones) must be used by the test that set it. Afterwards
 * http is as before.
 *
 * @example
 * describe('the client', () => {
 * 	useNock();
 * 	it('sends', async () => {
 * 		nock('https://us.conversation.api.sinch.com').post('/v1/projects/p/capability:query').reply(200, {});
 */
export function useNock(): void {
	beforeAll(() => {
		if (!nock.isActive()) nock.activate();
		nock.disableNetConnect();
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
