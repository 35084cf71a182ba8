/** Jest's own 5 seconds for a test or hook are too few on a busy machine; a test that hangs still ends. */
jest.setTimeout(60_000);
