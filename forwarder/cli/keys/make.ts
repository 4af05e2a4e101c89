/** Makes a key at a provider, and puts its secrets into files that only this user can read. */
import { open } from 'node:fs/promises';
import type { Provider, Settings } from '../../../core/provider';
import { RequestError } from '../../../core/http/failure';
import { httpTransport } from '../../http/httpTransport';
import { causeOf } from '../../http/noAnswer';
import { withoutKeys } from '../../http/withoutKeys';
import { USER_AGENT } from '../../version';
import { CommandFailed } from '../exit';
import type { Io } from '../io';

export interface KeyWanted {
	provider: Provider;
	settings: Settings;
	baseUrl: string;
	email: string;
	/** Kept nowhere. */
	password: string;
	/** How it is called in the provider's own lists. */
	name: string;
	/** By the name of each secret setting. */
	files: Readonly<Record<string, string>>;
}

/** What remains to be done by hand. Throws `CommandFailed`. */
export async function makeKey(wanted: KeyWanted, io: Pick<Io, 'env' | 'stop'>): Promise<string | undefined> {
	const { provider, settings, baseUrl, email, password, name, files } = wanted;
	// made before the key is: one that cannot be kept would be lost
	const opened = await openAll(files);
	let isMade = false;
	try {
		const send = httpTransport({ baseUrl, userAgent: USER_AGENT, proxyEnv: io.env, headers: async () => ({}) });
		const made = await provider.makeKey!(send, { settings, baseUrl, email, password, name, signal: io.stop });
		if (!made.ok) throw new CommandFailed(`${withoutKeys(made.what, { password })}. ${made.fix}`);
		for (const [setting, file] of opened) await file.handle.writeFile(`${made.secrets[setting]}\n`);
		isMade = true;
		return made.after;
	} catch (error) {
		if (!(error instanceof RequestError) || error.failure.kind !== 'network') throw error;
		const { code } = error.failure;
		const cause = causeOf(code);
		throw new CommandFailed(`${baseUrl}: no answer (${code})${cause ? `: ${cause.what}; ${cause.fix}` : ''}`);
	} finally {
		for (const [, { handle, remove }] of opened) {
			await handle.close();
			if (!isMade) await remove();
		}
	}
}

async function openAll(files: Readonly<Record<string, string>>) {
	const { rm } = await import('node:fs/promises');
	const opened = Object.entries(files).map(async ([setting, path]) => {
		try {
			// an existing key is not replaced
			return [setting, { handle: await open(path, 'wx', 0o600), remove: () => rm(path, { force: true }) }] as const;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			const what =
				code === 'EEXIST' ? 'exists already; name another file, or move it away' : `cannot be written (${code})`;
			throw new CommandFailed(`${path} ${what}`);
		}
	});
	return Promise.all(opened);
}
