import { NodeConnectionTypes } from 'n8n-workflow';

import { IS_SINGLE_OUTPUT } from '../parameters/outputMode';
import { WAIT_OUTCOMES } from '../results/contactResult';
import { PARSE_OUTPUTS } from './capability/parseNotification.fields';

const named = (names: readonly string[]): string =>
	JSON.stringify(names.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName })));

const ONE = JSON.stringify([NodeConnectionTypes.Main]);

/** An expression, because n8n computes the outputs from the parameters. */
export const OUTPUTS =
	`={{ $parameter["operation"] === "queryAndWait" ? (${IS_SINGLE_OUTPUT} ? ${ONE} : ${named(WAIT_OUTCOMES)}) : $parameter["operation"] === "parseNotification" ? (${IS_SINGLE_OUTPUT} ? ${named(PARSE_OUTPUTS.single)} : ${named(PARSE_OUTPUTS.perOutcome)}) : ${ONE} }}` as const;
