import { readPhoneNumber } from '../../../nodes/SinchCapability/sinch/phoneNumber';

describe('reading a phone number', () => {
	it.each([
		['46701234567', '46701234567'],
		['+46701234567', '46701234567'],
		['0046701234567', '46701234567'],
		['+0046701234567', '46701234567'],
		['+46 (70) 123-45 67', '46701234567'],
		['+46 (0)70 123 45 67', '46701234567'],
		['46 (0)70 123 45 67', '46701234567'],
		['(+46) (0)70 123 45 67', '46701234567'],
		['\u200e+46 (0)70 123 45 67', '46701234567'],
		['0046 (0) 70.123.45.67', '46701234567'],
		['+44 07700 900123', '447700900123'],
		[' +1 (202) 555-0101 ', '12025550101'],
		['+44\u00a07700\u2011900\u2009123', '447700900123'],
		['\u202a+46701234567\u202c', '46701234567'],
		['+49 30/123456', '4930123456'],
		['+39 06 6982 1234', '390669821234'],
		['46701234567.0', '46701234567'],
		['tel:+46-70-123-45-67', '46701234567'],
		['\uff0b４６７０１２３４５６７', '46701234567'],
		['+٤٦٧٠١٢٣٤٥٦٧', '46701234567'],
		['https://wa.me/46701234567', '46701234567'],
		['wa.me/46701234567?text=Hi', '46701234567'],
	])('%j is %s', (typed, digits) => {
		expect(readPhoneNumber(typed)).toEqual({ digits });
	});

	it.each([
		['070-123 45 67', 'SE', '46701234567'],
		['701234567', 'SE', '46701234567'],
		['46701234567', 'SE', '46701234567'],
		['+47 406 12 345', 'SE', '4740612345'],
		['(415) 555-2671', 'US', '14155552671'],
		['1 415 555 2671', 'US', '14155552671'],
		['011 46 70 123 45 67', 'US', '46701234567'],
		['0011 46 70 123 45 67', 'AU', '46701234567'],
		['06 6982 1234', 'IT', '390669821234'],
		['8 (912) 345-67-89', 'RU', '79123456789'],
		['393471234567', 'IT', '393471234567'],
		['3471234567', 'IT', '393471234567'],
		['35226123456', 'LU', '35226123456'],
		['861234567', 'LT', '37061234567'],
		['009 46 70 123 45 67', 'NG', '46701234567'],
		['00 46 70 123 45 67', 'NG', '46701234567'],
		['810 46 70 123 45 67', 'RU', '46701234567'],
		['001 46 70 123 45 67', 'SG', '46701234567'],
	])('%j in %s is %s', (typed, country, digits) => {
		expect(readPhoneNumber(typed, country)).toEqual({ digits });
	});

	it.each([
		['+46 70 CALL ME', 'letters'],
		['4.67012E+10', 'scientific notation'],
		['+46701234567#12', 'the character "#"'],
		['+46 70 👨‍👩‍👧 1', 'the character "👨‍👩‍👧"'],
		['+46+701234567', 'a + in the middle'],
		['46701234567,46701234568', 'the character ","'],
		['070-123 45 67', 'no country code'],
		['0011 61 412 345 678', '+1 has no phone number'],
		['0011 65 8234 5678', '+1 has no phone number'],
		['0011 47 92 345 678', '+1 has no phone number'],
		['009 1 415 555 2671', 'a dial-out prefix other than 00'],
		['(415) 555-2671', 'may lack its country code'],
		['(246) 250-1234', 'may lack its country code'],
		['+0701234567', 'does not begin with a valid country code'],
		['1234', 'may lack its country code'],
		['1234567890123456', 'may lack its country code'],
		['+', 'no digits'],
	])('%j is refused: %s', (typed, problem) => {
		expect(readPhoneNumber(typed)).toEqual({ problem: expect.stringContaining(problem) });
	});

	it.each([
		['46701740605', 'IT', '+46701740605 or +3946701740605'],
		['009 1 415 555 2671', 'NG', '+14155552671 or +914155552671'],
		['009 1 415 555 2671', 'TW', '+14155552671 or +914155552671'],
		['008 1 415 555 2671', 'ID', '+14155552671 or +814155552671'],
	])('%j in %s is refused, because it may be %s', (typed, country, either) => {
		expect(readPhoneNumber(typed, country)).toEqual({
			problem: expect.stringContaining(`may be ${either}`),
		});
	});

	it('refuses what could be a number of the default country or an international one', () => {
		expect(readPhoneNumber('812345678', 'SE')).toEqual({ digits: '46812345678' });
		expect(readPhoneNumber('46701234567', 'DE')).toEqual({
			problem: expect.stringContaining('may be +46701234567 or +4946701234567'),
		});
	});
});
