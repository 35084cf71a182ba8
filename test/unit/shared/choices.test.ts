import { readChoices } from '../../../nodes/SinchCapability/shared/choices';
import { findChannel } from '../../../nodes/SinchCapability/sinch/channels';

describe('reading channels that an expression gives', () => {
	it.each<[string, unknown, string[]]>([
		['a list', ['RCS', 'SMS'], ['RCS', 'SMS']],
		['a list of names', ['WhatsApp', 'Viber Business Messages'], ['WHATSAPP', 'VIBERBM']],
		['JSON', '["RCS","SMS"]', ['RCS', 'SMS']],
		['commas', 'rcs, sms', ['RCS', 'SMS']],
		['semicolons', 'WhatsApp;SMS', ['WHATSAPP', 'SMS']],
		['lines', 'Viber\r\nwhats app\n', ['VIBERBM', 'WHATSAPP']],
		['slashes, and signs', 'RCS / SMS & MMS+WhatsApp', ['RCS', 'SMS', 'MMS', 'WHATSAPP']],
		['tabs', 'RCS\tSMS', ['RCS', 'SMS']],
		['full-width characters', 'ＲＣＳ，SMS、MMS', ['RCS', 'SMS', 'MMS']],
		['a list of Markdown', '- RCS\n- SMS', ['RCS', 'SMS']],
		['names of products', 'WhatsApp Business, Viber Business', ['WHATSAPP', 'VIBERBM']],
		['quotes', '\'SMS\' | "RCS"', ['SMS', 'RCS']],
		['one twice', 'SMS, sms', ['SMS']],
		['nothing', undefined, []],
		['no text', '[]', []],
	])('reads %s', (_, given, values) => {
		expect(readChoices(given, findChannel)).toEqual({ values });
	});

	it.each([
		['RCS, fax', 'fax'],
		[['SMS', 7], '7'],
		['RCS SMS', 'RCS SMS'],
		[[{ name: 'RCS', value: 'RCS' }], '{"name":"RCS","value":"RCS"}'],
		[{ RCS: true }, '{"RCS":true}'],
	])('names what is no channel in %j', (given, other) => {
		expect(readChoices(given, findChannel)).toEqual({ other });
	});
});
