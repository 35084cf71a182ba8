import type { Contact } from './state.mts';

const FIRST_NAMES = ['Alma', 'Ben', 'Clara', 'David', 'Ella', 'Felix', 'Grace', 'Hugo', 'Iris'];
const LAST_NAMES = ['Andersson', 'Brown', 'Clarke', 'Dahl', 'Evans'];

/**
 * 45 contacts without rows in the table of answers, so that the list of contacts has several pages.
 * Numbers 447700900200 to 447700900244 (Ofcom's range for fiction).
 */
export const MORE_CONTACTS: Contact[] = FIRST_NAMES.flatMap((firstName, first) =>
	LAST_NAMES.map((lastName, last) => {
		const index = first * LAST_NAMES.length + last;
		const identity = `447700900${200 + index}`;
		return {
			id: `01C0NTACT000000000000001${String(index).padStart(2, '0')}`,
			channel_identities: [
				{ channel: 'RCS', identity, app_id: '' },
				{ channel: 'SMS', identity, app_id: '' },
			],
			channel_priority: [],
			display_name: `${firstName} ${lastName}`,
			email: '',
			external_id: `crm-${2000 + index}`,
			metadata: '',
			language: 'EN_GB',
		};
	}),
);
