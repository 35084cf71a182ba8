import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ulid } from 'ulid';

export type TokenCheck =
	{ state: 'valid'; projectId: string } | { state: 'expired' } | { state: 'invalid' };

interface Claims {
	iss: string;
	project_id: string;
	iat: number;
	exp: number;
	jti: string;
	/** `exp` to the millisecond, so that a lifetime of one second is exact. */
	ends_at_ms: number;
	generation: number;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Issues access tokens in Sinch's form (a JWT) and recognizes only its own. */
export class TokenIssuer {
	private readonly key = randomBytes(32);
	private generation = 0;

	/** A token for the project that expires in `lifetimeSeconds`. */
	issue(projectId: string, lifetimeSeconds: number): string {
		const now = Date.now();
		const endsAtMs = now + lifetimeSeconds * 1000;
		const claims: Claims = {
			iss: 'sinch-simulator',
			project_id: projectId,
			iat: Math.floor(now / 1000),
			exp: Math.floor(endsAtMs / 1000),
			jti: ulid(),
			ends_at_ms: endsAtMs,
			generation: this.generation,
		};
		const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
		return `${content}.${this.sign(content)}`;
	}

	check(token: string): TokenCheck {
		const [header, payload, signature] = token.split('.');
		if (!header || !payload || !signature) return { state: 'invalid' };
		const expected = Buffer.from(this.sign(`${header}.${payload}`));
		const given = Buffer.from(signature);
		if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
			return { state: 'invalid' };
		}
		const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
		const ended = claims.generation < this.generation || claims.ends_at_ms <= Date.now();
		return ended ? { state: 'expired' } : { state: 'valid', projectId: claims.project_id };
	}

	/** Expires every token issued so far. */
	expireAll(): void {
		this.generation += 1;
	}

	private sign(content: string): string {
		return createHmac('sha256', this.key).update(content).digest('base64url');
	}
}
