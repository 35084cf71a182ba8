/** Where Sinch issues access tokens, for every region. */
export const SINCH_AUTH_URL = 'https://auth.sinch.com';

/** The addresses as a credential holds them; the URLs apply to the region `custom` only. */
export interface AddressFields {
	region?: unknown;
	apiUrl?: unknown;
	authUrl?: unknown;
}

const withoutSlash = (url: unknown): string => String(url).trim().replace(/\/+$/, '');

/** The base URLs to call, without a slash at the end. */
export function addressesOf({ region, apiUrl, authUrl }: AddressFields) {
	return region === 'custom'
		? { apiUrl: withoutSlash(apiUrl), authUrl: withoutSlash(authUrl) }
		: { apiUrl: `https://${String(region)}.conversation.api.sinch.com`, authUrl: SINCH_AUTH_URL };
}
