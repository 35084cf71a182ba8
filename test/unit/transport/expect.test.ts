import { registrationOf } from '../../../nodes/SinchCapability/transport/expect';

const CHANNELS = [
	['SMS', 'sms'],
	['WHATSAPP', 'WhatsApp'],
	['VIBERBM', 'VIBER'],
];

/** Numbers as they can be entered with the format As Entered. */
const NUMBERS = [
	['+46 70 123 45 67', '0046701234567', '46701234567', '+46701234567', '(46) 70-123 45 67'],
	['+12345', '12345', '123-45'],
	['5531996883193', '553196883193', '+55 31 9688-3193'],
];

const queryFor = (channel: string, identity: string) => ({
	app_id: '01W4FFL35P4NC4K35CONVAPP01',
	project_id: 'project',
	recipient: { identified_by: { channel_identities: [{ channel, identity }] } },
	request_id: '01W4FFL35P4NC4K35CAPABILITY',
});

const spellings = NUMBERS.flatMap((numbers) =>
	numbers.flatMap((one) => numbers.map((other) => [one, other] as const)),
);

describe.each(CHANNELS)('a registration on %s', (channel, spelled) => {
	it.each(spellings)(
		'a registration of %s is recognized when Sinch repeats it as %s',
		(queried, repeated) => {
			const response = queryFor(spelled, repeated);
			expect(registrationOf(queryFor(channel, queried))(response)).toEqual(response);
		},
	);

	it.each([
		['another number', queryFor(channel, '46701234568')],
		['another channel', queryFor('MMS', '46701234567')],
		[
			'something else',
			{ ...queryFor(channel, ''), recipient: { identified_by: { channel_identities: [null] } } },
		],
	])('a registration that Sinch repeats with %s is not believed', (_, response) => {
		expect(registrationOf(queryFor(channel, '46701234567'))(response)).toBeUndefined();
	});
});
