import { decodeTime, isValid } from 'ulid';

import { createRequestId } from '../../../nodes/SinchCapability/sinch/requestId';

describe('a new request id', () => {
	it('is a ULID of its moment, by the ULID library', () => {
		const id = createRequestId(1_769_000_000_123);
		expect(isValid(id)).toBe(true);
		expect(decodeTime(id)).toBe(1_769_000_000_123);
	});

	it('differs each time within one millisecond', () => {
		const ids = Array.from({ length: 10_000 }, () => createRequestId(1_769_000_000_123));
		expect(new Set(ids).size).toBe(10_000);
	});
});
