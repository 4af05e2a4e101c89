/** What the credentials have in common. */
import type { IAuthenticateRuleResponseCode } from 'n8n-workflow';

/** Of a credential's test, which follows no redirect: what one would say otherwise is "Found". */
export const redirects: IAuthenticateRuleResponseCode[] = [301, 302, 303, 307, 308].map((value) => ({
	type: 'responseCode',
	properties: {
		value,
		message:
			'The address answered with a redirect, which is not followed, because it would carry the key to another host. Enter the address to which it leads.',
	},
}));
