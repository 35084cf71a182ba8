import { runNode } from '../../support/engine';
import { Doubler } from './samples';

it('runNode does not change the parameters that it is given', async () => {
	const parameters = { number: '={{ $json.n + 1 }}' };
	const { outputs } = await runNode(new Doubler(), parameters, [{ n: 1 }]);
	expect(outputs[0][0].json).toEqual({ double: 4 });
	expect(parameters).toEqual({ number: '={{ $json.n + 1 }}' });
});

it('runNode refuses parameters that the editor would mark red, as n8n does', async () => {
	const node = new Doubler();
	node.description.properties[0] = { ...node.description.properties[0], required: true };
	await expect(runNode(node, { number: '' })).rejects.toThrow(/issues/);
});
