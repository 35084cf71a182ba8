/** Small changes to TypeScript, derived from its syntax by rules, independent of this project's code. */
import ts from 'typescript';

const OPERATORS = new Map([
	[ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
	[ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
	[ts.SyntaxKind.LessThanToken, '>='],
	[ts.SyntaxKind.LessThanEqualsToken, '<'],
	[ts.SyntaxKind.GreaterThanToken, '<='],
	[ts.SyntaxKind.GreaterThanEqualsToken, '>'],
	[ts.SyntaxKind.AmpersandAmpersandToken, '||'],
	[ts.SyntaxKind.BarBarToken, '&&'],
	[ts.SyntaxKind.PlusToken, '-'],
	[ts.SyntaxKind.MinusToken, '+'],
	[ts.SyntaxKind.AsteriskToken, '/'],
	[ts.SyntaxKind.SlashToken, '*'],
]);

/** The replacement of a node; undefined if there is none. */
function replacementsOf(node) {
	const text = (child) => child.getText();
	if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) return [';'];
	if (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind)) {
		const isText = [node.left, node.right].some(
			(side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
		);
		if (isText && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return [];
		return [`${text(node.left)} ${OPERATORS.get(node.operatorToken.kind)} ${text(node.right)}`];
	}
	if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
		return [text(node.operand)];
	}
	if (node.kind === ts.SyntaxKind.TrueKeyword) return ['false'];
	if (node.kind === ts.SyntaxKind.FalseKeyword) return ['true'];
	// A condition in the middle of a?.b().c() would end the chain too early.
	const isInChain = ts.isOptionalChain(node) && ts.isOptionalChain(node.parent);
	if (ts.isCallExpression(node) && node.arguments.length === 0 && !isInChain) {
		const { expression } = node;
		const isTrim = ts.isPropertyAccessExpression(expression) && expression.name.text === 'trim';
		if (isTrim) return [text(expression.expression)];
	}
	return [];
}

function conditionReplacements(node) {
	const { parent } = node;
	if (ts.isIfStatement(parent) && parent.expression === node) return ['true', 'false'];
	if (ts.isConditionalExpression(parent) && parent.condition === node) {
		return [`!(${node.getText()})`];
	}
	return [];
}

/**
 * @param firstId the number of the first change; the next ones follow
 * @returns the changes, and the source in which `__changed(id)` says which of them is active
 */
export function changesOf(path, text, firstId) {
	const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	const lines = text.split('\n');
	const changes = [];

	/** The text of a node, with every change as a condition. */
	const render = (node, inFunction) => {
		// Code outside functions is forms and tables, which the tests of the descriptions cover.
		const inside = inFunction || ts.isFunctionLike(node);
		const start = node.getStart(source);
		let inner = '';
		let end = start;
		const children = [];
		if (!ts.isTypeNode(node)) node.forEachChild((child) => void children.push(child));
		const own = inside
			? [...conditionReplacements(node), ...(ts.isTypeNode(node) ? [] : replacementsOf(node))]
			: [];
		const ids = own.map((to) => {
			const { line } = source.getLineAndCharacterOfPosition(start);
			const code = lines[line].trim();
			const change = { id: firstId + changes.length, path, line: line + 1, code, to };
			changes.push({ ...change, from: node.getText() });
			return change.id;
		});
		for (const child of children) {
			const from = child.getStart(source);
			if (from < end) continue;
			inner += text.slice(end, from) + render(child, inside);
			end = child.getEnd();
		}
		inner += text.slice(end, node.getEnd());
		if (own.length === 0) return inner;
		if (ts.isStatement(node)) return `{ if (__changed(${ids[0]})) ; else { ${inner} } }`;
		const choices = own.map((to, index) => `__changed(${ids[index]}) ? (${to}) : `);
		return `(${choices.join('')}(${inner}))`;
	};
	const rendered = text.slice(0, source.getStart()) + render(source, false);
	return {
		changes,
		source: `const __changed: any = (globalThis as any).__changed ?? (() => false); ${rendered}`,
	};
}
