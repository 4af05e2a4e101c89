/** Whether a credential sends what a declaration says that the API wants. */
import type { Declaration } from '../../providers/declared/form/declaration';

export interface AuditLogCredential {
	baseUrl?: string;
	authentication?: 'basic' | 'bearer' | 'header';
	headerName?: string;
	scheme?: string;
}

/** What happened, and what to do. Undefined: they fit. */
export function lacks(
	{ title, auth }: Declaration,
	isOAuth2: boolean,
	credential: AuditLogCredential,
): [message: string, description: string] | undefined {
	switch (auth.kind) {
		case 'jwtAssertion':
			return [
				`${title} wants signed assertions, which n8n cannot make`,
				'Read it with the forwarder, which signs them with the key file.',
			];
		case 'headers':
			return [
				`${title} wants several keys at once, and a credential of n8n has one`,
				'Read it with the forwarder, which sends them all.',
			];
		case 'clientCredentials':
			if (isOAuth2) return undefined;
			return [`${title} wants a token of OAuth2`, 'Choose OAuth2 in Authentication.'];
		case 'basic':
			if (!isOAuth2 && credential.authentication === 'basic') return undefined;
			return [`${title} wants a user and a password`, 'Choose a credential with Basic in its Authentication.'];
		case 'header': {
			const { name = 'authorization', scheme } = auth;
			const sent = sends(credential);
			const isIt = sent && sent.name === name && sent.scheme.toLowerCase() === (scheme ?? '').toLowerCase();
			if (!isOAuth2 && isIt) return undefined;
			const how =
				name === 'authorization' && scheme === 'Bearer'
					? 'Bearer Token in its Authentication'
					: `Key in a Header in its Authentication, Header Name ${name}, and ${scheme ? `Scheme ${scheme}` : 'no Scheme'}`;
			return [`${title} wants its key in another way`, `Choose a credential with ${how}.`];
		}
	}
}

function sends({ authentication = 'bearer', headerName, scheme }: AuditLogCredential) {
	if (authentication === 'basic') return undefined;
	if (authentication === 'bearer') return { name: 'authorization', scheme: 'Bearer' };
	return { name: (headerName ?? '').trim().toLowerCase(), scheme: (scheme ?? '').trim() };
}
