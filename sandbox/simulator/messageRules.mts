import { invalid } from './errors.mts';

type Fields = Record<string, unknown>;

/** Types of an app message, of which a message has exactly one, with their required fields. */
const MESSAGE_KINDS: Record<string, string[]> = {
	text_message: ['text'],
	media_message: ['url'],
	card_message: [],
	carousel_message: ['cards'],
	choice_message: ['choices'],
	list_message: ['title', 'sections'],
	location_message: ['title', 'coordinates'],
	contact_info_message: ['name', 'phone_numbers'],
	template_message: [],
};

/** Types of a choice (a button or a suggested reply), with their required fields. */
const CHOICE_KINDS: Record<string, string[]> = {
	call_message: ['phone_number', 'title'],
	location_message: ['title', 'coordinates'],
	text_message: ['text'],
	url_message: ['title', 'url'],
};

const HEIGHTS = ['UNSPECIFIED_HEIGHT', 'SHORT', 'MEDIUM', 'TALL'];
const CARD_FIELDS = ['choices', 'description', 'height', 'media_message', 'title'];
const MAX_CHOICES = 10;

/**
 * Refuses what the schema of an app message does not allow. Of the rarer types (carousel, list,
 * template …) only the presence of the required fields is checked.
 */
export function checkMessage(message: Fields): void {
	const [kind, content] = theOne('message', message, MESSAGE_KINDS);
	if (kind === 'card_message') checkCard(content);
	if (kind === 'choice_message') checkChoices('message.choice_message', content.choices);
}

function checkCard(card: Fields): void {
	const path = 'message.card_message';
	if (!CARD_FIELDS.some((field) => isFilled(card[field]))) throw invalid(`${path} is empty`);
	if (card.height !== undefined && !HEIGHTS.includes(String(card.height))) {
		throw invalid(`Invalid value for enum field height: "${String(card.height)}"`);
	}
	if (card.media_message !== undefined) {
		requireFields(`${path}.media_message`, card.media_message, ['url']);
	}
	checkChoices(path, card.choices ?? []);
}

function checkChoices(path: string, choices: unknown): void {
	if (!Array.isArray(choices)) throw invalid(`${path}.choices must be an array`);
	if (choices.length > MAX_CHOICES) throw invalid(`${path}.choices has more than ${MAX_CHOICES}`);
	for (const choice of choices) theOne(`${path}.choices`, choice as Fields, CHOICE_KINDS);
}

/** The only type that an object has, with its content. */
function theOne(path: string, object: Fields, kinds: Record<string, string[]>): [string, Fields] {
	const [kind, ...others] = Object.keys(object ?? {}).filter((name) => name in kinds);
	if (kind === undefined || others.length > 0) {
		throw invalid(`${path} must have exactly one of ${Object.keys(kinds).join(', ')}`);
	}
	return [kind, requireFields(`${path}.${kind}`, object[kind], kinds[kind] ?? [])];
}

function requireFields(path: string, content: unknown, fields: string[]): Fields {
	if (typeof content !== 'object' || content === null) throw invalid(`${path} must be an object`);
	const missing = fields.find((field) => !isFilled((content as Fields)[field]));
	if (missing !== undefined) throw invalid(`${path}.${missing} is required`);
	return content as Fields;
}

const isFilled = (value: unknown) => value !== undefined && value !== null && value !== '';
