import {
	channelName,
	identityKey,
	isPerApp,
	toChannel,
} from '../../../nodes/SinchCapability/sinch/channels';

it.each([
	['MESSENGER', true],
	['INSTAGRAM', true],
	['SMS', false],
	['TELEGRAM', false],
	['NEW', false],
])('a person has another identity on %s in each app: %s', (channel, isExpected) => {
	expect(isPerApp(channel)).toBe(isExpected);
});

it.each([
	['whats app', 'WHATSAPP', 'WhatsApp'],
	['Viber', 'VIBERBM', 'Viber Business Messages'],
	[' new ', 'NEW', 'NEW'],
])('the channel %j is %s at Sinch, and called %s', (typed, value, name) => {
	expect(toChannel(typed)).toBe(value);
	expect(channelName(value)).toBe(name);
});

it.each([
	['the same number', true, ['SMS', '+46 70-1'], ['sms', '46701']],
	['other numbers', false, ['SMS', '46701'], ['SMS', '46702']],
	['the same name', true, ['TELEGRAM', 'ada1'], ['telegram', 'ada1']],
	['names with the same digits', false, ['TELEGRAM', 'ada1'], ['TELEGRAM', 'bob1']],
	['the same number on other channels', false, ['SMS', '46701'], ['MMS', '46701']],
])('identities with %s are the same: %s', (_, areSame, ...identities) => {
	const [one, other] = identities.map(([channel, identity]) => identityKey({ channel, identity }));
	expect(one === other).toBe(areSame);
});
