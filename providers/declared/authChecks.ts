/** Whether a kind of authentication has what it needs. */
import type { Found } from './checks';
import type { Declaration } from './form/declaration';
import { placesIn } from './template';
import type { Finding } from './validate';

export function authFindings({ auth, settings = {} }: Declaration, found: Found): Finding[] {
	const findings: Finding[] = [];
	const named = (key: string, name: string | undefined, needsSecret: boolean) => {
		if (name === undefined) return;
		if (!settings[name])
			findings.push(
				found(key, `"${name}" is not a setting`, `Settings: ${Object.keys(settings).join(', ') || 'none'}`),
			);
		else if (needsSecret && !settings[name].secret)
			findings.push(found(`settings.${name}`, 'is sent as a key and not secret', 'Add secret: true'));
	};
	switch (auth.kind) {
		case 'header':
			break;
		case 'headers':
			if (!auth.headers)
				findings.push(found('auth.headers', 'is missing', 'Name the headers and the secret settings that they carry'));
			for (const [header, name] of Object.entries(auth.headers ?? {})) named(`auth.headers.${header}`, name, true);
			break;
		case 'basic':
			if (auth.user === undefined && auth.password === undefined)
				findings.push(found('auth', 'has neither user nor password', 'Name the settings'));
			named('auth.user', auth.user, false);
			named('auth.password', auth.password, true);
			break;
		case 'clientCredentials':
		case 'jwtAssertion': {
			const { tokenUrl } = auth;
			if (tokenUrl === undefined) findings.push(found('auth.tokenUrl', 'is missing', 'Say where tokens are given'));
			else if (!/^https:\/\/[^/?#@]+\//.test(tokenUrl))
				findings.push(found('auth.tokenUrl', 'is not an https address', 'Write https://host/path'));
			for (const place of [
				tokenUrl,
				auth.scope,
				auth.audience,
				auth.subject,
				...Object.values(auth.fields ?? {}),
			].flatMap((text) => placesIn(text ?? ''))) {
				named('auth', place, false);
				if (settings[place]?.secret)
					findings.push(
						found('auth', `{${place}} is a secret`, 'The key and the client secret are sent by themselves'),
					);
			}
		}
	}
	return findings;
}
