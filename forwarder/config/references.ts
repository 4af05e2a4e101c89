/** Fills in `${env:…}` and `${file:…}` in ordinary values, and checks the references behind secret ones without keeping them. */
import { formatKey, type KeyPath } from './errors';
import { SECRET_NAME } from './schema/values';
import { valueMistake } from './headers';
import {
	documentSecret,
	hasReference,
	headerSecret,
	SecretError,
	secretFileWarnings,
	templateSecret,
	type Env,
} from './secrets';
import type { Secret } from './types';

export interface Resolved {
	data: unknown;
	/** Keys whose value came from a reference: never quoted in a message. */
	referenced: Set<string>;
	problems: { path: KeyPath; what: string; fix: string }[];
	warnings: { path: KeyPath; text: string }[];
}

/** Whether a setting of a source is a secret, and of one line or several, by what its provider declares. */
export type IsSecret = (index: number, key: string) => 'secret' | 'document' | false;

/** `secret`, `document`: must be a reference; a document may have several lines. `lazy`: may be one, and is read when used. `url`: must be one when it holds a password. `plain`: filled in now. */
function kindOf(path: KeyPath, isSecret: IsSecret): 'secret' | 'document' | 'lazy' | 'url' | 'plain' {
	const [section, index, key, header] = path;
	if (section === 'server' && index === 'auth' && path.length >= 3)
		return ['token', 'password'].includes(String(path.at(-1))) ? 'secret' : 'plain';
	if (section === 'state' && index === 'url' && path.length === 2) return 'url';
	if (section === 'sources' && path.length === 3) return isSecret(Number(index), String(key)) || 'plain';
	if (section === 'notifications' && path.length === 3 && (key === 'url' || key === 'routingKey')) return 'secret';
	if (section === 'telemetry' && index === 'headers' && path.length === 3)
		return SECRET_NAME.test(String(key)) ? 'secret' : 'lazy';
	if (section !== 'destinations' && section !== 'notifications') return 'plain';
	if (key !== 'headers' || path.length !== 4) return 'plain';
	return SECRET_NAME.test(String(header)) ? 'secret' : 'lazy';
}

export async function resolveReferences(
	data: unknown,
	env: Env,
	folder: string,
	isSecret: IsSecret = () => false,
): Promise<Resolved> {
	const out: Resolved = { data: undefined, referenced: new Set(), problems: [], warnings: [] };

	async function walk(value: unknown, path: KeyPath): Promise<unknown> {
		if (Array.isArray(value)) return Promise.all(value.map((item, index) => walk(item, [...path, index])));
		if (typeof value === 'object' && value !== null) {
			const entries = Object.entries(value).map(
				async ([key, item]) => [key, await walk(item, [...path, key])] as const,
			);
			return Object.fromEntries(await Promise.all(entries));
		}
		return typeof value === 'string' ? text(value, path) : value;
	}

	async function text(value: string, path: KeyPath): Promise<string> {
		const kind = kindOf(path, isSecret);
		const key = formatKey(path);
		if (!hasReference(value)) {
			const mistake = kind === 'lazy' ? valueMistake(value) : undefined;
			if (mistake) out.problems.push({ path, what: mistake[0], fix: mistake[1] });
			const isOpen = kind === 'url' && /:[^/@]*@/.test(value.replace(/^[^:]*:/, ''));
			if (kind === 'secret' || kind === 'document' || isOpen) out.problems.push({ path, ...literalSecret(path) });
			return value;
		}
		out.referenced.add(key);
		let secret: Secret | undefined;
		try {
			const read = {
				plain: templateSecret,
				document: documentSecret,
				secret: headerSecret,
				lazy: headerSecret,
				url: templateSecret,
			}[kind];
			secret = read(value, env, folder);
			const filled = await secret.read();
			if (kind === 'plain') return filled;
			if (kind === 'secret' || kind === 'document' || kind === 'url')
				out.warnings.push(...(await secretFileWarnings(value, folder)).map((text) => ({ path, text })));
		} catch (error) {
			if (!(error instanceof SecretError)) throw error;
			// who is told of problems must not keep anything from being shipped
			if (secret && path[0] === 'notifications' && kind !== 'plain') {
				out.warnings.push({ path, text: `${error.message}; nobody is told by this until it is mended` });
			} else out.problems.push({ path, what: error.message, fix: error.fix ?? fixFor(error.message) });
		}
		return value;
	}

	out.data = await walk(data, []);
	return out;
}

function literalSecret(path: KeyPath) {
	const example = String(path[0] === 'state' ? 'stateUrl' : path.at(-1))
		.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
		.toUpperCase()
		.replace(/[^A-Z0-9]+/g, '_');
	return {
		what: 'a secret must not be in this file',
		fix: `Put it into an environment variable or a file and write "\${env:${example}}" or "\${file:/run/secrets/${example.toLowerCase()}}"`,
	};
}

function fixFor(message: string): string {
	if (message.includes(' holds '))
		return 'A key is one line: look for line breaks, typographic quotes and invisible characters';
	if (message.startsWith('environment variable')) return 'Set it in the environment of this process';
	if (message.startsWith('file')) return 'Check that the path is right and that this user may read it';
	return 'Write "${env:NAME}" or "${file:/path}"';
}
