/** References in the configuration, `${env:NAME}` and `${file:/path}`, and the values behind them. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { contentOf, lastGood, SecretError, type Warn } from './files';
import { valueMistake } from './headers';
import type { Secret } from './types';

export { SecretError } from './files';

export type Env = Readonly<Record<string, string | undefined>>;

type Part = { kind: 'text'; text: string } | { kind: 'env'; name: string } | { kind: 'file'; path: string };

const REFERENCE = /\$\{([^}]*)\}/g;
/** A key is a line, not a document. */
const MAX_BYTES = 64 * 1024;

export function hasReference(text: string): boolean {
	return text.includes('${');
}

/** Throws `SecretError` for a reference of another form. */
export function parseTemplate(text: string): Part[] {
	const parts: Part[] = [];
	let end = 0;
	for (const match of text.matchAll(REFERENCE)) {
		if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
		parts.push(parseReference(match[1]!));
		end = match.index + match[0].length;
	}
	const rest = text.slice(end);
	if (rest.includes('${')) throw new SecretError('a reference is not closed: "${" without "}"');
	if (rest) parts.push({ kind: 'text', text: rest });
	return parts;
}

function parseReference(inner: string): Part {
	const env = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(inner);
	if (env) return { kind: 'env', name: env[1]! };
	const file = /^file:(.+)$/.exec(inner);
	if (file) return { kind: 'file', path: file[1]! };
	throw new SecretError(
		'a reference has an unknown form; "${env:NAME}" reads an environment variable, "${file:/path}" reads a file',
	);
}

/**
 * The text with its references filled in, again for every `read()`. Relative paths start at `folder`. Throws `SecretError` when the text is not a valid template.
 */
export function templateSecret(text: string, env: Env, folder: string, check = usable): Secret {
	return new Template(text, env, folder, check);
}

/** The same for what becomes a request header: also throws when none could carry it. */
export function headerSecret(text: string, env: Env, folder: string): Secret {
	return new Template(text, env, folder, usable, sendable);
}

function sendable(value: string, place: string): string {
	const mistake = valueMistake(value);
	if (mistake) throw new SecretError(`${place} ${mistake[0]}`);
	return value;
}

/** A class, because each of thousands of sources has one. */
class Template implements Secret {
	readonly #readers: readonly Reader[];
	readonly #whole: typeof sendable | undefined;

	constructor(text: string, env: Env, folder: string, part: typeof usable, whole?: typeof sendable) {
		this.#readers = parseTemplate(text).map((one) => reader(one, env, folder, part));
		this.#whole = whole;
	}

	describe(): string {
		return this.#readers.flatMap(({ place }) => place ?? []).join(' and ') || 'a fixed value';
	}

	async read(warn?: Warn): Promise<string> {
		const value = (await Promise.all(this.#readers.map(({ read }) => read(warn)))).join('');
		return this.#whole ? this.#whole(value, this.describe()) : value;
	}
}

/** The same for what has several lines and never becomes a header. */
export function documentSecret(text: string, env: Env, folder: string): Secret {
	return templateSecret(text, env, folder, present);
}

/** A template that was already found wrong is reported elsewhere; here it only must not throw. */
export function secretOf(text: string, env: Env, folder: string, read = headerSecret): Secret {
	try {
		return read(text, env, folder);
	} catch (error) {
		if (error instanceof SecretError) return fixedSecret('');
		throw error;
	}
}

/** A value that is known already; `place` says where it came from. */
export function fixedSecret(value: string, place = 'a fixed value'): Secret {
	return { describe: () => place, read: async () => value };
}

/** Their current values, by name. */
export async function readSecrets(
	headers: Readonly<Record<string, Secret>>,
	warn?: Warn,
): Promise<Record<string, string>> {
	const entries = Object.entries(headers).map(async ([name, secret]) => [name, await secret.read(warn)] as const);
	return Object.fromEntries(await Promise.all(entries));
}

/** A warning for a secret file that other users of the machine can read. */
export async function secretFileWarnings(text: string, folder: string): Promise<string[]> {
	const warnings: string[] = [];
	for (const part of parseTemplate(text)) {
		if (part.kind !== 'file' || process.platform === 'win32') continue;
		const info = await stat(resolve(folder, part.path)).catch(() => undefined);
		// a group may read what another user gives us through it, as Kubernetes does with fsGroup
		const exposing = info?.uid === process.getuid?.() ? 0o077 : 0o007;
		if (info && (info.mode & exposing) !== 0) {
			warnings.push(`file ${part.path} holds a secret and can be read by others; chmod 600 it`);
		}
	}
	return warnings;
}

interface Reader {
	place?: string;
	read: (warn?: Warn) => Promise<string>;
}

function reader(part: Part, env: Env, folder: string, check: typeof usable): Reader {
	switch (part.kind) {
		case 'text':
			return { read: async () => part.text };
		case 'env': {
			const place = `environment variable ${part.name}`;
			return { place, read: async () => check(env[part.name], place, 'is not set') };
		}
		case 'file': {
			const path = resolve(folder, part.path);
			const place = `file ${part.path}`;
			return {
				place,
				read: lastGood(async () => check(await contentOf(path, place, { maxBytes: MAX_BYTES }), place, 'is empty')),
			};
		}
	}
}

function present(value: string | undefined, place: string, missing: string): string {
	// editors and `echo` end a file with a line break that is not part of the key
	const trimmed = value?.replace(/[\r\n]+$/, '');
	if (value === undefined) throw new SecretError(`${place} ${missing}`);
	if (!trimmed) throw new SecretError(`${place} is empty`);
	return trimmed;
}

function usable(value: string | undefined, place: string, missing: string): string {
	const trimmed = present(value, place, missing);
	// eslint-disable-next-line no-control-regex -- such a value cannot be a header, and would forge a second one
	if (/[\u0000-\u001f\u007f]/.test(trimmed))
		throw new SecretError(`${place} holds a line break or another control character`);
	return trimmed;
}
