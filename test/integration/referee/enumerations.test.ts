/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SupportedConversationRegion } from '@sinch/sdk-core';
import type { INodeProperties } from 'n8n-workflow';
import ts from 'typescript';

import { SinchConversationApi } from '../../../credentials/SinchConversationApi.credentials';
import { outcomeOf, RECIPIENT_REASONS } from '../../../nodes/SinchCapability/notification/outcomes';
import { CHANNELS } from '../../../nodes/SinchCapability/sinch/channels';
import { LANGUAGES } from '../../../nodes/SinchCapability/sinch/languages';
import { WEBHOOK_TRIGGERS } from '../../../nodes/SinchCapability/sinch/webhookTriggers';
import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { CHECK_FAILURES } from '../../support/checkFailures';

/** The string literals in the declaration of a type, a property or a constant. */
function literalsOf(file: string, name: string): string[] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
	const found: string[] = [];
	const visit = (node: ts.Node, isInside: boolean) => {
		const { name: own } = node as Partial<ts.NamedDeclaration>;
		const isNamed = own !== undefined && ts.isIdentifier(own) && own.text === name;
		if (isInside && ts.isStringLiteral(node)) found.push(node.text);
		ts.forEachChild(node, (child) => visit(child, isInside || isNamed));
	};
	visit(source, false);
	return found;
}

/** The models of the SDK, whose enumerations exist as types only. */
const models = join(
	dirname(require.resolve('@sinch/conversation', { paths: [require.resolve('@sinch/sdk-core')] })),
	'models/v1',
);
const inSdk = (file: string, name: string) => literalsOf(join(models, `${file}.d.ts`), name);
const inSimulator = (file: string, name: string) =>
	literalsOf(resolve(__dirname, '../../../sandbox/simulator', file), name);

function optionsOf(properties: INodeProperties[], name: string): string[] {
	for (const property of properties) {
		const options = (property.options ?? []) as Array<{ value?: string; name: string }>;
		if (property.name === name) return options.map(({ value }) => String(value));
		if (property.type === 'collection') return optionsOf(options as INodeProperties[], name);
	}
	throw new Error(`No field ${name}`);
}

const trigger = new SinchCapabilityTrigger().description.properties;
const credential = new SinchConversationApi().properties;

interface Enumeration {
	of: string;
	sdk: string[];
	ours: string[];
	/** Where ours is, and what else a new value needs. */
	place: string;
	/** Values of the SDK that ours does not need. */
	onlyInSdk?: Record<string, string>;
	/** Values of ours that the SDK lacks. */
	onlyInOurs?: Record<string, string>;
}

const ENUMERATIONS: Enumeration[] = [
	{
		of: 'channels',
		sdk: inSdk('conversation-channel/conversation-channel', 'ConversationChannel'),
		ours: CHANNELS.map(({ value }) => value),
		place:
			"CHANNELS of the node, with the name in Sinch's dashboard and whether its identities are phone numbers or belong to an app",
		onlyInSdk: { CHANNEL_UNSPECIFIED: 'stands for no channel' },
	},
	{
		of: 'channels of the simulator',
		sdk: inSdk('conversation-channel/conversation-channel', 'ConversationChannel'),
		ours: inSimulator('channels.mts', 'CHANNELS'),
		place: 'CHANNELS of the simulator',
		onlyInSdk: { CHANNEL_UNSPECIFIED: 'stands for no channel' },
		onlyInOurs: { VIBER: 'a former channel that some examples of Sinch still show' },
	},
	{
		of: 'languages',
		sdk: inSdk('contact-language/contact-language', 'ContactLanguage'),
		ours: LANGUAGES.map(({ value }) => value),
		place: 'CODES of the languages',
		onlyInSdk: { UNSPECIFIED: 'stands for no language' },
	},
	{
		of: 'reason codes',
		sdk: inSdk('reason/reason', 'ReasonCode'),
		ours: [...RECIPIENT_REASONS, ...CHECK_FAILURES],
		place:
			'RECIPIENT_REASONS if it is about the recipient or a message, otherwise CHECK_FAILURES of the tests',
	},
	{
		of: 'sub-codes',
		sdk: inSdk('reason/reason', 'ReasonSubCode'),
		ours: [
			'ATTACHMENT_REJECTED',
			'INACTIVE_SENDER',
			'MEDIA_TYPE_UNDETERMINED',
			'UNSPECIFIED_SUB_CODE',
		],
		place:
			'this list and, if the sender and not the recipient is the cause, SENDER_SUB_CODES of the node',
	},
	{
		of: 'capability statuses',
		sdk: inSdk('mod-callback-events/capability-event/capability-event', 'capability_status'),
		ours: optionsOf(trigger, 'statuses'),
		place:
			'CLEAR_STATUSES, the outcomes and the option Capability Statuses of the trigger, with an output for it',
	},
	{
		of: 'webhook triggers',
		sdk: inSdk('webhook-trigger/webhook-trigger', 'WebhookTrigger'),
		ours: WEBHOOK_TRIGGERS.map(({ value }) => value),
		place: 'WEBHOOK_TRIGGERS, with its name in title case',
		onlyInSdk: {
			UNSPECIFIED_TRIGGER: 'is an error in a webhook',
			SMART_CONVERSATIONS: "the spelling of Sinch's specification is SMART_CONVERSATION",
		},
		onlyInOurs: { SMART_CONVERSATION: "the spelling of Sinch's specification" },
	},
	{
		of: 'webhook triggers of the simulator',
		sdk: inSdk('webhook-trigger/webhook-trigger', 'WebhookTrigger'),
		ours: inSimulator('webhookRules.mts', 'TRIGGERS'),
		place: 'TRIGGERS of the simulator',
		onlyInSdk: { UNSPECIFIED_TRIGGER: 'is an error in a webhook' },
		onlyInOurs: {
			SMART_CONVERSATION: 'the spelling of other sources of Sinch',
			BATCH_STATUS_UPDATE: 'known to some sources of Sinch only',
		},
	},
	{
		of: 'regions',
		sdk: Object.values<string>(SupportedConversationRegion),
		ours: optionsOf(credential, 'region'),
		place: 'the field Region of the credential; check that its address has the form of the others',
		onlyInOurs: { custom: 'addresses that the user enters' },
	},
];

it.each(ENUMERATIONS)("Sinch's SDK has no other values for the $of", (enumeration) => {
	const { of, sdk, ours, place, onlyInSdk = {}, onlyInOurs = {} } = enumeration;
	expect(sdk.length).toBeGreaterThan(2);
	const toDo = [
		...sdk
			.filter((value) => !ours.includes(value) && !(value in onlyInSdk))
			.map((value) => `Sinch's SDK has ${value} among the ${of}: add it to ${place}.`),
		...ours
			.filter((value) => !sdk.includes(value) && !(value in onlyInOurs))
			.map(
				(value) =>
					`Sinch's SDK no longer has ${value} among the ${of}: find out whether Sinch still sends it; if not, remove it from ${place}.`,
			),
		...Object.keys(onlyInSdk)
			.filter((value) => !sdk.includes(value) || ours.includes(value))
			.map((value) => `${value} is no longer only in the SDK: remove it from this exception.`),
		...Object.keys(onlyInOurs)
			.filter((value) => sdk.includes(value) || !ours.includes(value))
			.map((value) => `${value} is no longer only ours: remove it from this exception.`),
	];
	expect(toDo).toEqual([]);
});

it("Sinch's SDK has one sub-code that makes a check fail whatever the reason code is", () => {
	const failing = inSdk('reason/reason', 'ReasonSubCode').filter((sub_code) => {
		const reason = { code: 'RECIPIENT_NOT_REACHABLE', sub_code };
		return outcomeOf({ capability_status: 'NO_CAPABILITY', reason }) === 'Failed';
	});
	expect(failing).toEqual(['INACTIVE_SENDER']);
});
