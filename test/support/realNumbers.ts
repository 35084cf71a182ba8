import type { CountryCode } from 'libphonenumber-js/max';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';

/** A number in use according to libphonenumber. */
export interface RealNumber {
	/** ISO 3166; that of a service, such as satellite phones, is its country code. */
	country: string;
	callingCode: string;
	/** With country code. */
	digits: string;
	/** Those after the country code, as libphonenumber groups them. */
	groups: string[];
	/** As written within the country. */
	national: string;
	/** 0 where that is dialed before the number and left out after the country code, else empty. */
	zero: string;
}

/** Repeatable, from 0 to 1. */
export const randomFrom = (seed: number) => () =>
	(seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

const pick = <T>(list: readonly T[], next: () => number): T =>
	list[Math.floor(next() * list.length)] as T;

/** Text that a pattern matches: libphonenumber's have groups, classes, \d, and quantifiers. */
function textLike(pattern: string, next: () => number): string {
	let position = 0;
	const readAtom = (): string => {
		const [token] = /^(?:\(\?:|\\d|\[[^\]]+\]|.)/.exec(pattern.slice(position)) as RegExpExecArray;
		position += token.length;
		if (token === '(?:') {
			const inner = readChoice();
			position++;
			return inner;
		}
		const isClass = token === '\\d' || token.startsWith('[');
		return isClass
			? pick(
					[...'0123456789'].filter((digit) => new RegExp(token).test(digit)),
					next,
				)
			: token;
	};
	const readQuantified = (): string => {
		const start = position;
		readAtom();
		const [quantifier = '', least, most = least] =
			/^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(pattern.slice(position)) ?? [];
		const end = position + quantifier.length;
		const [low, high] = quantifier === '?' ? [0, 1] : [Number(least ?? 1), Number(most ?? 1)];
		const count = low + Math.floor(next() * (high - low + 1));
		const repeated = Array.from({ length: count }, () => {
			position = start;
			return readAtom();
		});
		position = end;
		return repeated.join('');
	};
	function readChoice(): string {
		const choices = [''];
		while (position < pattern.length && pattern[position] !== ')') {
			if (pattern[position] === '|') {
				position++;
				choices.push('');
			} else {
				choices[choices.length - 1] += readQuantified();
			}
		}
		return pick(choices, next);
	}
	return readChoice();
}

/** libphonenumber allows longer numbers than there are in Germany, Kosovo and, by E.164, anywhere. */
const isTooLong = (digits: string): boolean => /^(?:49\d{12}|383\d{10}|\d{16})/.test(digits);

/** Whether digits with country code are exactly one number in use. */
export function isReal(digits: string): boolean {
	const number = parsePhoneNumberFromString(`+${digits}`);
	return number?.isValid() === true && number.number === `+${digits}` && !isTooLong(digits);
}

function toRealNumber(digits: string, country: string, trunk: unknown): RealNumber[] {
	const number = isReal(digits) && parsePhoneNumberFromString(`+${digits}`);
	if (!number) {
		return [];
	}
	const groups = number.formatInternational().split(/\D+/).slice(2);
	const { countryCallingCode: callingCode } = number;
	const zero = trunk === '0' ? '0' : '';
	return [{ country, callingCode, digits, groups, national: number.formatNational(), zero }];
}

type Row = [callingCode: string, ...unknown[]];

const rows = Object.entries({
	...metadata.countries,
	...metadata.nonGeographic,
}) as unknown as Array<[string, Row]>;

export const COUNTRIES = Object.keys(metadata.countries) as CountryCode[];

/** Numbers of every country and type, such as mobile, fixed, or free of charge. */
export function realNumbers(perType: number, next: () => number): RealNumber[] {
	return rows.flatMap(([country, row]) => {
		const types = row[11] as Array<[pattern: string] | 0>;
		const patterns = types.flatMap((type) => (type === 0 || type[0] === '' ? [] : [type[0]]));
		return patterns.flatMap((pattern) =>
			Array.from({ length: perType }, () =>
				toRealNumber(row[0] + textLike(pattern, next), country, row[5]),
			).flat(),
		);
	});
}
