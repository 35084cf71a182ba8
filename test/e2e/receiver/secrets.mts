/** Where a secret was found: in which text, which secret, and in what form. Never the secret itself. */
export interface Finding {
	text: string;
	secret: string;
	form: string;
}

/** The encodings in which a secret may occur in a text. */
function formsOf(secret: string): Record<string, string> {
	return {
		plain: secret,
		Base64: Buffer.from(secret).toString('base64').replace(/=+$/, ''),
		'in a URL': encodeURIComponent(secret),
		'in JSON': JSON.stringify(secret).slice(1, -1),
		hexadecimal: Buffer.from(secret).toString('hex'),
	};
}

/**
 * Looks for secrets in texts, both given by their names.
 *
 * @throws Error for a secret that is too short to search for
 */
export function findSecrets(
	texts: Record<string, string>,
	secrets: Record<string, string>,
): Finding[] {
	const findings: Finding[] = [];
	for (const [name, secret] of Object.entries(secrets)) {
		if (secret.length < 8) throw new Error(`The ${name} is too short to be looked for`);
		for (const [form, wanted] of Object.entries(formsOf(secret))) {
			for (const [text, content] of Object.entries(texts)) {
				if (content.includes(wanted)) findings.push({ text, secret: name, form });
			}
		}
	}
	return findings;
}
