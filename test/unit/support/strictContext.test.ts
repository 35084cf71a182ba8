import type { IExecuteFunctions } from 'n8n-workflow';
import { strictContext } from '../../support/engine/strictContext';

const context = strictContext<IExecuteFunctions>({
	getNodeParameter: (name: string) => `value of ${name}`,
	helpers: { httpRequest: async () => ({ ok: true }) },
});

it('a strict context has what it was given', async () => {
	expect(context.getNodeParameter('a', 0)).toBe('value of a');
	expect(await context.helpers.httpRequest({ url: '' })).toEqual({ ok: true });
});

it('a strict context throws on anything else, at any depth', () => {
	expect(() => context.getNode()).toThrow('not given getNode');
	expect(() => context.helpers.returnJsonArray([])).toThrow('not given helpers.returnJsonArray');
	expect(() => Object.assign(context, { x: 1 })).toThrow('written');
});

it('a strict context can be awaited and passed to a mock', async () => {
	expect(await context).toBe(context);
	const mock = jest.fn();
	mock(context);
	expect(mock).toHaveBeenCalledWith(context);
});
