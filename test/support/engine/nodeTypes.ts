import { NodeHelpers, UnexpectedError, type INodeType, type INodeTypes } from 'n8n-workflow';

/** n8n names a community node `<package>.<node>`. */
const PACKAGE = 'n8n-nodes-sinch-capability';

export const START_TYPE = 'test.start';

/** Type name of a node in a workflow: `n8n-nodes-sinch-capability.sinchCapability`. */
export function typeNameOf({ description: { name } }: INodeType): string {
	return name.includes('.') ? name : `${PACKAGE}.${name}`;
}

/** The latest version of a node type. */
export function versionOf({ description: { version } }: INodeType): number {
	return Array.isArray(version) ? Math.max(...version) : version;
}

/** A trigger that emits whatever items the test starts it with. */
export const startNodeType: INodeType = {
	description: {
		displayName: 'Start',
		name: START_TYPE,
		group: ['trigger'],
		version: 1,
		description: 'Emits the items it was started with',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	// n8n passes the start data of a node with `webhook` straight to its outputs.
	webhook: async () => ({}),
};

/** n8n's NodeTypes over node type instances; a `test.start` trigger is always among them. */
export function nodeTypesOf(given: INodeType[]): INodeTypes {
	const known = new Map([startNodeType, ...given].map((type) => [typeNameOf(type), type]));
	const getByName = (name: string): INodeType => {
		const type = known.get(name);
		if (!type) {
			throw new UnexpectedError(
				`Unknown node type "${name}"; known: ${[...known.keys()].join(', ')}`,
			);
		}
		return type;
	};
	return {
		getByName,
		getByNameAndVersion: (name, version) =>
			NodeHelpers.getVersionedNodeType(getByName(name), version),
		getKnownTypes: () => Object.fromEntries([...known.keys()].map((name) => [name, {}])),
	};
}
