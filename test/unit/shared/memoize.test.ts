import { memoize } from '../../../nodes/SinchCapability/shared/memoize';

it('a memoized function makes the value of each key once', () => {
	const make = jest.fn((key: string) => ({ key }));
	const valueOf = memoize(make);
	const [one, other] = [valueOf('one'), valueOf('other')];
	expect([one, other]).toEqual([{ key: 'one' }, { key: 'other' }]);
	expect([valueOf('one'), valueOf('other')]).toEqual([one, other]);
	expect(valueOf('one')).toBe(one);
	expect(make).toHaveBeenCalledTimes(2);
});
