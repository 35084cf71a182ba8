import { because, FULL, MISSING, NONE, partial, UNKNOWN } from './answer.mts';
import type { Channel } from './channels.mts';
import type { Answer, DemoChannel, DemoContact, Outcome } from './wire.ts';

function row(
	channel: Channel,
	identity: string,
	outcome: Outcome,
	answer: Answer,
	why?: Answer,
): DemoChannel {
	return { channel, identity, ...answer, ...why, outcome };
}

/**
 * The answers of the simulated channels, one row per channel identity. The outcomes are hard-coded,
 * so that a client can be checked against them. All phone numbers are from ranges reserved
 * for fiction (PTS Sweden, Ofcom, NANP 555-01xx, ACMA).
 *
 * An identity that is not here is answered by these rules (`answerTable.mts`):
 * - an impossible phone number: NO_CAPABILITY, RECIPIENT_INVALID_CHANNEL_IDENTITY;
 * - a channel that the app has not set up: CAPABILITY_UNKNOWN, CHANNEL_CONFIGURATION_MISSING;
 * - RCS and WhatsApp, which look the identity up: CAPABILITY_UNKNOWN;
 * - every other channel has no source of truth, so Sinch is optimistic: CAPABILITY_FULL.
 */
export const DEMO_CONTACTS: DemoContact[] = [
	{
		contactId: '01C0NTACT00000000000000001',
		name: 'Astrid Lindqvist',
		externalId: 'crm-1001',
		language: 'SV',
		channels: [
			row('RCS', '46701740605', 'Full', FULL),
			row('WHATSAPP', '46701740605', 'Full', FULL),
			row('SMS', '46701740605', 'Full', FULL),
		],
	},
	{
		contactId: '01C0NTACT00000000000000002',
		name: 'Oliver Bennett',
		externalId: 'crm-1002',
		language: 'EN_GB',
		channels: [
			row(
				'RCS',
				'447700900123',
				'Partial',
				partial('RICHCARD_STANDALONE', 'ACTION_OPEN_URL', 'ACTION_DIAL'),
			),
			row('VIBERBM', '447700900123', 'None', NONE),
			row('SMS', '447700900123', 'Full', FULL),
		],
	},
	{
		contactId: '01C0NTACT00000000000000003',
		name: 'Maya Thompson',
		externalId: 'crm-1003',
		language: 'EN_US',
		channels: [
			row(
				'RCS',
				'12025550104',
				'Partial',
				partial('RICHCARD_CAROUSEL', 'ACTION_VIEW_LOCATION'),
				because('RECIPIENT_NOT_OPTED_IN'),
			),
			row('MMS', '12025550104', 'Unknown', UNKNOWN),
			row('SMS', '12025550104', 'Full', FULL),
		],
	},
	{
		contactId: '01C0NTACT00000000000000004',
		name: 'Erik Johansson',
		externalId: 'crm-1004',
		language: 'SV',
		channels: [
			row('RCS', '46701740606', 'None', NONE),
			row('WHATSAPP', '46701740606', 'None', NONE, because('RECIPIENT_NOT_REACHABLE', '131026')),
			row('VIBERBM', '46701740606', 'None', NONE, because('RECIPIENT_INVALID_CHANNEL_IDENTITY')),
		],
	},
	{
		contactId: '01C0NTACT00000000000000005',
		name: 'Priya Sharma',
		externalId: 'crm-1005',
		language: 'EN_GB',
		channels: [
			row('WHATSAPP', '447700900456', 'None', NONE, because('RECIPIENT_NOT_OPTED_IN')),
			row(
				'INSTAGRAM',
				'17841400455970028',
				'Unknown',
				NONE,
				because('OUTSIDE_ALLOWED_SENDING_WINDOW'),
			),
			row('TELEGRAM', '716253440', 'Unknown', UNKNOWN),
			row('MESSENGER', '7746490198930851', 'Unknown', UNKNOWN, because('RECIPIENT_NOT_OPTED_IN')),
		],
	},
	{
		contactId: '01C0NTACT00000000000000006',
		name: 'Daniel Romero',
		externalId: 'crm-1006',
		language: 'ES',
		channels: [
			row('RCS', '12025550147', 'Failed', NONE, because('RATE_LIMITED')),
			row('WHATSAPP', '12025550147', 'Failed', UNKNOWN, because('CHANNEL_FAILURE', '131000')),
			row('SMS', '12025550147', 'Failed', UNKNOWN, because('INTERNAL_ERROR')),
		],
	},
	{
		contactId: '01C0NTACT00000000000000007',
		name: 'Charlotte Nguyen',
		externalId: 'crm-1007',
		language: 'EN',
		channels: [
			row('RCS', '61491570156', 'Failed', NONE, because('CHANNEL_BAD_CONFIGURATION')),
			row('KAKAOTALK', '61491570156', 'Failed', NONE, because('CHANNEL_CONFIGURATION_MISSING')),
			row(
				'LINE',
				'U5a4db0c500004000800000000000c007',
				'Failed',
				MISSING,
				because('UNSUPPORTED_OPERATION'),
			),
			row('VIBERBM', '61491570156', 'Failed', MISSING, because('CHANNEL_UNDER_MAINTENANCE')),
		],
	},
	{
		contactId: '01C0NTACT00000000000000008',
		name: 'Samuel Okafor',
		externalId: 'crm-1008',
		language: 'EN_GB',
		channels: [
			row('RCS', '447700900789', 'Unknown', { capability_status: 'CAPABILITY_NOT_YET_NAMED' }),
			row('WHATSAPP', '447700900789', 'Failed', UNKNOWN, because('INACTIVE_CREDENTIAL')),
			row('SMS', '447700900789', 'Full', FULL),
		],
	},
];
