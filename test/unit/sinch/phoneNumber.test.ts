import { readPhoneNumber } from '../../../nodes/SinchCapability/sinch/phoneNumber';

describe('reading a phone number', () => {
	it.each([
		['46701234567', '46701234567'],
		['+46701234567', '46701234567'],
		['0046701234567', '46701234567'],
		['+46 (70) 123-45 67', '46701234567'],
		['+46 (0)70 123 45 67', '46701234567'],
		['0046 (0) 70.123.45.67', '46701234567'],
		[' +1 (202) 555-0101 ', '12025550101'],
		['+44\u00a07700\u2011900\u2009123', '447700900123'],
		['\u202a+46701234567\u202c', '46701234567'],
		['+49 30/123456', '4930123456'],
	])('%j is %s', (typed, digits) => {
		expect(readPhoneNumber(typed)).toEqual({ digits });
	});

	it.each([
		['+46 70 CALL ME', 'contains letters'],
		['０４６７０１２３', 'contains the character "０"'],
		['tel:+46701234567', 'contains letters'],
		['+46701234567#12', 'contains the character "#"'],
		['+46+701234567', 'contains the character "+"'],
		['46701234567,46701234568', 'contains the character ","'],
		['070-123 45 67', 'has no country code'],
		['+0701234567', 'has no country code'],
		['1234', 'has 4 digits, where 5 to 15 are possible'],
		['1234567890123456', 'has 16 digits, where 5 to 15 are possible'],
		['+', 'has 0 digits, where 5 to 15 are possible'],
	])('%j: it %s', (typed, problem) => {
		expect(readPhoneNumber(typed)).toEqual({ problem });
	});
});
