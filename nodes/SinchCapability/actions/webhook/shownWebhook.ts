import type { Webhook } from '../../sinch/types';

/** What may be shown of a webhook: Sinch's response holds its secret and its client credentials. */
export const shownWebhook = ({ id, app_id, target, target_type, triggers, secret }: Webhook) => ({
	id,
	app_id,
	target,
	target_type,
	triggers,
	signed: Boolean(secret),
});
