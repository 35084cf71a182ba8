/** Tells the runner, outside Jest's contexts, which changes a test reaches, and lets it decide what runs. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.__changed = globalThis.isActive;
	}

	handleTestEvent(event, state) {
		globalThis.mode[event.name]?.(event, state);
	}
};
