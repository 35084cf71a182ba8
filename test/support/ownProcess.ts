const n8nWorkflow = jest.requireActual<object>('n8n-workflow');

/**
 * Loads modules of the package with a state of their own, as in each n8n process. They share n8n's
 * module, which takes a second to load and remembers nothing about them.
 *
 * @param load calls `jest.requireActual`
 */
export function inOwnProcess<T>(load: () => T): T {
	let loaded: T | undefined;
	jest.isolateModules(() => {
		jest.doMock('n8n-workflow', () => n8nWorkflow);
		loaded = load();
	});
	return loaded!;
}
