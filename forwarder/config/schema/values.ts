/** Kinds of values that many keys have. */
import * as z from 'zod';
import { DURATION, parseDuration } from '../../../core/durations';

/** Header names whose value is a secret and so must be a reference. */
export const SECRET_NAME = /authorization|key|token|secret|password|cookie|credential/i;

/** What is older than this is older than every audit log. */
export const LONGEST = '36500d';

/** For one request, also where the environment says it. */
export const LONGEST_TIMEOUT = '1h';

/** Bounds keep out what could only be a mistake: a request that may take weeks would halt its destination. */
export function duration(least: string, most: string) {
	const [leastMs, mostMs] = [parseDuration(least)!, parseDuration(most)!];
	const error = 'is not a duration|Write a number and a unit: 500ms, 60s, 10m, 18h, 7d';
	return z
		.string({ error: ({ input }) => (input === undefined || input === null ? undefined : error) })
		.regex(DURATION, { error })
		.transform((text, context) => {
			const ms = parseDuration(text);
			if (ms !== undefined && ms >= leastMs && ms <= mostMs) return ms;
			context.addIssue({ code: 'custom', message: `is out of range|Give ${least} to ${most}` });
			return z.NEVER;
		});
}

export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
	error: 'is not a usable name|Use 1 to 64 letters, digits, dots, dashes or underscores',
});

export const text = z.string().min(1, { error: 'is empty|Give a value or remove the key' });

export const count = (least: number, most: number) => z.int().min(least).max(most);

export const Tls = z
	.strictObject({
		caFile: text.optional().describe('PEM file with the certificate authority to trust instead of the public ones.'),
		certFile: text.optional().describe('PEM file with the client certificate (mTLS).'),
		keyFile: text.optional().describe('PEM file with its private key.'),
	})
	.optional();
