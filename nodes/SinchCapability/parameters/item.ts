import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { withoutMarks } from '../shared/choices';
import { isObject } from '../shared/isObject';

const MAX_QUOTED = 80;

export function quote(value: string): string {
	const characters = [...value.trim()];
	return characters.length > MAX_QUOTED
		? `${characters.slice(0, MAX_QUOTED).join('')}…`
		: characters.join('');
}

/** A number, or text with one; NaN for anything else. */
export const toNumber = (given: unknown): number =>
	typeof given === 'number' || (typeof given === 'string' && given.trim() !== '')
		? Number(given)
		: NaN;

/** Of any value; a list or an object as JSON, because it may have no text of its own. */
export const textOf = (value: unknown): string =>
	typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

/** Yes or no, also as text or as a number, which means no only if it is 0; undefined for anything else. */
export function toBoolean(given: unknown): boolean | undefined {
	if (typeof given === 'number') {
		return Boolean(given);
	}
	const text = textOf(given).trim();
	const isOn = /^(?:true|yes|on|1)$/i.test(text);
	return isOn || /^(?:false|no|off|0|)$/i.test(text) ? isOn : undefined;
}

/**
 * One item of a run: its values of the node's fields, and errors that name it. An expression can give
 * anything for a field, whatever its type in the form: whatever reads an item throws a
 * NodeOperationError that names field and item for a value that Sinch could not use.
 */
export class Item {
	private readOptions: Item | undefined;

	/** @param entries of a collection, read instead of the fields of the form */
	constructor(
		readonly context: IExecuteFunctions,
		readonly input: INodeExecutionData,
		readonly index: number,
		private readonly entries?: Record<string, unknown>,
	) {}

	/** @param fallback for a field that the form does not show, or an option that was not added */
	read(field: string, fallback: unknown = null): unknown {
		if (!this.entries) {
			return this.context.getNodeParameter(field, this.index, fallback);
		}
		return this.has(field) ? this.entries[field] : fallback;
	}

	has(option: string): boolean {
		return this.entries?.[option] !== undefined;
	}

	/** The same item with the entries of a collection as its fields. */
	collection(field: string): Item {
		return this.withEntries(this.read(field));
	}

	/** The collection *Options*. Its expressions are evaluated once. */
	get options(): Item {
		return (this.readOptions ??= this.collection('options'));
	}

	/** The same item once for each row of a collection with several. */
	rows(field: string): Item[] {
		return [this.read(field) ?? []].flat().map((row) => this.withEntries(row));
	}

	/** @throws NodeOperationError for an object, or a list of several values; it does not show those of a secret */
	text(field: string, label: string, fallback = '', isSecret = false): string {
		const given = this.read(field, fallback);
		const [value, ...others] = [given].flat();
		if (others.length > 0 || (typeof value === 'object' && value !== null)) {
			throw this.fieldError(
				label,
				'is not a single value',
				'If this is an expression, make it return a single value instead of a list or an object.',
				isSecret ? '' : given,
			);
		}
		return String(value ?? '');
	}

	/** Whether a switch is on, also as text. @throws NodeOperationError for anything else */
	isOn(field: string, label: string, fallback = false): boolean {
		const given = this.read(field, fallback);
		const isOn = toBoolean(given);
		if (isOn === undefined) {
			throw this.fieldError(label, 'is neither true nor false', 'Use true or false.', given);
		}
		return isOn;
	}

	/** The value of the option that was chosen, by its value or name. @throws NodeOperationError for anything else */
	choice<One extends string>({ name, displayName, default: fallback, options }: INodeProperties) {
		const given = textOf(this.read(name)).trim() || textOf(fallback);
		const choices = (options ?? []) as Array<{ name: string; value: One }>;
		const entered = withoutMarks(given);
		const isEntered = (text: string): boolean => withoutMarks(text) === entered;
		const choice = choices.find((one) => isEntered(one.value) || isEntered(one.name));
		if (choice === undefined) {
			const names = choices.map((one) => one.name).join(', ');
			throw this.fieldError(displayName, 'is not valid', `Use one of: ${names}.`, given);
		}
		return choice.value;
	}

	/** @throws NodeOperationError for anything but a number of 1 or more */
	positiveNumber(field: Pick<INodeProperties, 'name' | 'displayName' | 'default'>): number {
		const given = this.read(field.name, field.default);
		const value = toNumber(given);
		if (value >= 1 && value < Infinity) {
			return value;
		}
		throw this.fieldError(
			field.displayName,
			'must be a number of at least 1',
			'Enter a number. If this is an expression, check that the item has the field.',
			given,
		);
	}

	/**
	 * The error of one field, e.g. `'Phone Number' is not a phone number: +1 202 CALL ME`.
	 *
	 * @param description what to do about it
	 */
	fieldError(label: string, problem: string, description: string, value: unknown = '') {
		const shown = quote(textOf(value));
		return this.error(`'${label}' ${problem}${shown && `: ${shown}`}`, description);
	}

	emptyFieldError(label: string, description: string): NodeOperationError {
		return this.fieldError(
			label,
			'is empty',
			`${description} If this is an expression, check that the item has the field.`,
		);
	}

	/**
	 * The editor adds the item's number to the title, but counts from 0; so the description says which of
	 * several it is.
	 */
	error(message: string, description: string): NodeOperationError {
		const count = this.context.getInputData().length;
		const row = count > 1 ? ` Row ${this.index + 1} of ${count}.` : '';
		return new NodeOperationError(this.context.getNode(), message, {
			itemIndex: this.index,
			description: `${description}${row}`,
		});
	}

	private withEntries(entries: unknown): Item {
		const { context, input, index } = this;
		return new Item(context, input, index, isObject(entries) ? entries : {});
	}
}

/** In the alphabetical order of their labels, which n8n's guidelines ask for. */
export const sorted = (fields: readonly INodeProperties[]): INodeProperties[] =>
	[...fields].sort((one, other) => one.displayName.localeCompare(other.displayName, 'en'));

export const optionsCollection = (options: readonly INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: sorted(options),
});

export const itemsOf = (context: IExecuteFunctions): Item[] =>
	context.getInputData().map((input, index) => new Item(context, input, index));
