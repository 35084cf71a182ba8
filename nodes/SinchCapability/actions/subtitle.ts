import { CHANNELS } from '../sinch/channels';

const names = JSON.stringify(
	Object.fromEntries(
		CHANNELS.map(({ value, name }) => [value, name.replace(/ Business Messages$/, '')]),
	),
);

/** The channels of one field in words; only Sinch knows a contact's channels. */
const CHANNELS_IN_WORDS = `(
	$parameter["recipientType"] === "contact" ? ["contact"]
	: $parameter["recipientType"] === "channelIdentities" ? ($parameter["channelIdentities"]?.identity ?? []).map((one) => one.channel)
	: [$parameter["channels"] ?? []].flat()
).map((one) => (${names})[one] ?? one).join(", ")`;

/** Words such as `get many: contact`. */
const OPERATION_IN_WORDS =
	'$parameter["operation"].replace("getAll", "getMany").replace(/[A-Z]/g, " $&").toLowerCase() + ": " + $parameter["resource"]';

/** What the canvas shows below the node's name: the channels of a query, else the operation. */
export const SUBTITLE = `={{ ["query", "queryAndWait"].includes($parameter["operation"]) ? ${CHANNELS_IN_WORDS.replace(/\s+/g, ' ')} : ${OPERATION_IN_WORDS} }}`;
