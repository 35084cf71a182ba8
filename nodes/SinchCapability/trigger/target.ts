/**
 * Whether two targets are one trigger node's, at different public addresses of its n8n or for
 * different choices of *Confirm to Sinch*: the part before the last one names the node.
 */
export function isSameNode(one: string, other: string): boolean {
	const nodeOf = (target: string) => target.split('?')[0].split('/').at(-2);
	return nodeOf(one) === nodeOf(other);
}
