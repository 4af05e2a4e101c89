/** Why the state file cannot be used. */

/** The state cannot be used as it is; the message says what to do. */
export class StateError extends Error {
	override name = 'StateError';
}

/** The state of one stream belongs to something else; that of the others can be used. */
export class StreamRefused extends StateError {
	constructor(
		readonly stream: string,
		message: string,
	) {
		super(message);
	}
}

/** An older program wrote it, or none has yet: `run` brings it up to date. */
export class StateBehind extends StateError {}

/** Another process owns it. */
export class StateInUse extends StateError {}

/** Not a mistake of whoever starts the command: another try may find room. */
export class DiskFull extends StateError {}

/** SQLite's own codes: the disk is full, or has no room for the index of the journal. */
const FULL: readonly unknown[] = [13, 4874];

export function isDiskFull(error: unknown): boolean {
	const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
	return FULL.includes(errcode) || code === 'ENOSPC' || code === 'EDQUOT';
}

export function anotherLog(name: string): StreamRefused {
	return new StreamRefused(
		name,
		`source ${name}: the state of this name belongs to another provider, base URL, account or filter. ` +
			`Undo that change, or \`audit-relay state adopt ${name}\` to continue from the old position with the new settings, ` +
			`or \`audit-relay state reset ${name}\` to begin again at its start`,
	);
}
