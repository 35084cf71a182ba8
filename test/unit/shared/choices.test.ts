import { readChoices } from '../../../nodes/SinchCapability/shared/choices';
import { findChannel } from '../../../nodes/SinchCapability/sinch/channels';

it.each<[string, unknown, string[]]>([
	['a list', ['RCS', 'SMS'], ['RCS', 'SMS']],
	['a list of names', ['WhatsApp', 'Viber Business Messages'], ['WHATSAPP', 'VIBERBM']],
	['JSON', '["RCS","SMS"]', ['RCS', 'SMS']],
	['text with commas', 'rcs, sms', ['RCS', 'SMS']],
	['text with semicolons', 'WhatsApp;SMS', ['WHATSAPP', 'SMS']],
	['several lines', 'Viber\r\nwhats app\n', ['VIBERBM', 'WHATSAPP']],
	['text with slashes and signs', 'RCS / SMS & MMS+WhatsApp', ['RCS', 'SMS', 'MMS', 'WHATSAPP']],
	['text with tabs', 'RCS\tSMS', ['RCS', 'SMS']],
	['full-width characters', 'ＲＣＳ，SMS、MMS', ['RCS', 'SMS', 'MMS']],
	['a Markdown list', '- RCS\n- SMS', ['RCS', 'SMS']],
	['names of products', 'WhatsApp Business, Viber Business', ['WHATSAPP', 'VIBERBM']],
	['text in quotes', '\'SMS\' | "RCS"', ['SMS', 'RCS']],
	['text with one channel twice', 'SMS, sms', ['SMS']],
	['nothing', undefined, []],
	['an empty list in JSON', '[]', []],
])('the channels of an expression are read from %s', (_, given, values) => {
	expect(readChoices(given, findChannel)).toEqual({ values });
});

it.each([
	['RCS, fax', 'fax'],
	[['SMS', 7], '7'],
	['RCS SMS', 'RCS SMS'],
	['["RCS", "fax"] ', 'fax'],
	["RCS, ' fax", 'fax'],
	['RCS, "fax" ', 'fax'],
	[[{ name: 'RCS', value: 'RCS' }], '{"name":"RCS","value":"RCS"}'],
	[{ RCS: true }, '{"RCS":true}'],
])('what is no channel in %j is named', (given, other) => {
	expect(readChoices(given, findChannel)).toEqual({ other });
});

it('a list of channels with a megabyte of spaces does not hold up n8n', () => {
	expect(readChoices(`RCS${' '.repeat(1_000_000)}x`, findChannel)).toHaveProperty('other');
	expect(readChoices(`RCS${' '.repeat(1_000_000)}`, findChannel)).toEqual({ values: ['RCS'] });
});
