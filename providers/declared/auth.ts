/** How requests are authorized: the settings that this needs, and the headers that carry the keys. */
import type { Secrets, Setting, Settings } from '../../core/provider';
import { bytesOf } from '../../core/json/scan';
import type { Declaration } from './form/declaration';

const secret = (title: string, description: string, example: string): Setting => ({
	...{ title, description, example },
	...{ required: true, secret: true },
});

/** Settings that the kind of authentication needs; a declaration may describe them in its own words. */
function needed({ name, auth }: Pick<Declaration, 'name' | 'auth'>): Record<string, Setting> {
	const variable = name.toUpperCase().replaceAll('-', '_');
	switch (auth.kind) {
		case 'header':
			return { apiKey: secret('API Key', 'A key that may read the audit log', `${variable}_API_KEY`) };
		case 'clientCredentials':
			return {
				clientId: { title: 'Client ID', description: 'Of the application that reads the audit log', required: true },
				clientSecret: secret('Client Secret', 'Of the same application', `${variable}_CLIENT_SECRET`),
			};
		case 'jwtAssertion':
			return {
				keyFile: {
					...secret('Key File', 'JSON key file of a service account, as it was downloaded', `${variable}_KEY_FILE`),
					multiline: true,
				},
			};
		case 'headers':
		case 'basic':
			return {};
	}
}

export function settingsOf(declaration: Pick<Declaration, 'name' | 'auth' | 'settings'>): Record<string, Setting> {
	const { settings = {} } = declaration;
	const implied = Object.entries(needed(declaration)).filter(([key]) => !Object.hasOwn(settings, key));
	const all: [string, Setting][] = [...Object.entries(settings), ...implied];
	return Object.fromEntries(all);
}

/** Throws `Error` naming the setting that is wrong, never its value. Nothing for kinds that need a token. */
export function authorizer({ auth }: Pick<Declaration, 'auth'>, settings: Readonly<Record<string, Setting>>) {
	const keyOf = (name: string, secrets: Secrets): string => {
		const key = (secrets[name] ?? '').trim();
		const title = inSentence(settings[name]?.title ?? name);
		if (key === '') throw new Error(`The ${title} is empty.`);
		if (!/^[\x21-\x7e]+$/.test(key))
			throw new Error(`The ${title} has a space or another character that cannot be in a key. Give the key alone.`);
		return key;
	};
	return (secrets: Secrets, given: Settings = {}): Record<string, string> => {
		switch (auth.kind) {
			case 'header': {
				const { name = 'authorization', scheme } = auth;
				const key = keyOf('apiKey', secrets);
				return { [name]: scheme === undefined ? key : `${scheme} ${key}` };
			}
			case 'headers':
				return Object.fromEntries(Object.entries(auth.headers ?? {}).map(([name, of]) => [name, keyOf(of, secrets)]));
			case 'basic': {
				const part = (name: string | undefined) =>
					name === undefined ? '' : (secrets[name] ?? given[name] ?? '').trim();
				const pair = `${part(auth.user)}:${part(auth.password)}`;
				if (pair === ':') throw new Error('User and password are empty.');
				return { authorization: `Basic ${btoa(String.fromCharCode(...bytesOf(pair)))}` };
			}
			case 'clientCredentials':
			case 'jwtAssertion':
				return {};
		}
	};
}

/** "API Key" is an API key. */
const inSentence = (title: string) => title.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
