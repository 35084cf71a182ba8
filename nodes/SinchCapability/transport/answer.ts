/** What n8n shows when a proxy or a captive portal answers 200 with a page of its own. */
const FOREIGN =
	'The answer is not from Sinch. Check the Region in the credential, for a custom region the API Base URL, and whether a proxy stands in between.';

/** An answer that is an object, as all of Sinch's are. @throws TypeError for anything else */
export function objectIn<T extends object>(answer: T): T {
	if (typeof answer !== 'object' || answer === null) {
		throw new TypeError(FOREIGN);
	}
	return answer;
}

/** An answer that is one thing with its id. @throws TypeError for anything else */
export function thingIn<T extends { id: string }>(answer: T): T {
	if (typeof objectIn(answer).id !== 'string') {
		throw new TypeError(FOREIGN);
	}
	return answer;
}
