import { readChoices } from '../../../nodes/SinchCapability/parameters/choices';
import { findChannel } from '../../../nodes/SinchCapability/sinch/channels';

describe('reading channels that an expression gives', () => {
	it.each<[string, unknown, string[]]>([
		['a list', ['RCS', 'SMS'], ['RCS', 'SMS']],
		['a list of names', ['WhatsApp', 'Viber Business Messages'], ['WHATSAPP', 'VIBERBM']],
		['JSON', '["RCS","SMS"]', ['RCS', 'SMS']],
		['commas', 'rcs, sms', ['RCS', 'SMS']],
		['semicolons', 'WhatsApp;SMS', ['WHATSAPP', 'SMS']],
		['lines', 'Viber\r\nwhats app\n', ['VIBERBM', 'WHATSAPP']],
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
	])('names what is no channel in %j', (given, other) => {
		expect(readChoices(given, findChannel)).toEqual({ other });
	});
});
