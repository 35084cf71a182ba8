/** Ends a test file at its first failure, and tells which changes the file reaches. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	async setup() {
		await super.setup();
		const { mutations } = globalThis;
		this.global.__changed = (id) => {
			mutations.reached.add(id);
			return id === mutations.active;
		};
	}

	async handleTestEvent(event) {
		const { mutations } = globalThis;
		if (event.name === 'test_fn_failure' || event.name === 'hook_failure') {
			mutations.failed ??= event.test?.name ?? 'a hook';
		}
		if (event.name === 'test_start' && mutations.failed) {
			event.test.mode = 'skip';
		}
	}
};
