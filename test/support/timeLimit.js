/**
 * Jest's own 5 seconds for a test or hook are too few, and so is a minute for one that starts n8n on a busy
 * computer; a test that hangs still ends.
 */
jest.setTimeout(300_000);
