import { idOf, idProblem, isExpression } from '../../../nodes/SinchCapability/parameters/pickers';

it.each([
	[{ __rl: true, mode: 'list', value: ' 01A ' }, '01A'],
	[{ mode: 'id', value: 7 }, '7'],
	[{ mode: 'list', value: null }, ''],
	[{ mode: 'list' }, ''],
	[{ value: '01A' }, '01A'],
	[' 01A', '01A'],
	['', ''],
	[null, ''],
	[undefined, ''],
])('the ID of the resource locator %j is %j', (located, id) => {
	expect(idOf(located)).toBe(id);
});

it.each([
	[{}],
	[{ id: '01A' }],
	[['01A']],
	[[]],
	[{ mode: 'id', value: { id: '01A' } }],
	[{ mode: 'id', value: ['01A'] }],
	[Object.create(null)],
	['..'],
	['01A 01B'],
])('%j cannot be an ID, and is not taken for none', (located) => {
	expect(idProblem(idOf(located))).toBeDefined();
});

it('the ID of a resource locator can be an unevaluated expression, as the editor sends it', () => {
	expect([isExpression('={{ $json.id }}'), isExpression('01A')]).toEqual([true, false]);
});
