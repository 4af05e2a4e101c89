/** `audit-relay state export`: a copy that another machine can go on from. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import type { RowCounts, Exported } from '../../store/exportShape';
import { contextOf, examples, pathFrom } from '../context';
import { CommandFailed, ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { isOfState, reading } from './file';
import { counted, plain } from '../ui';

const HELP = `
The file holds positions, known ids, events that are not delivered yet, dead letters and gaps: with it another machine goes
on without loss or repeat. It holds no API keys, but events: keep it as private as the state itself. What \`run\` does after
the export is not in it, so stop \`run\` first when you move; an older copy leads to repeats with the same ids, never to loss.
`;

export function addExport(group: Command, io: Io): void {
	group
		.command('export')
		.description('write all that is stored as JSON')
		.option('-o, --output <file>', 'file to write, readable by its owner only; - is standard output', '-')
		.option('-f, --force', 'replace the file if it exists')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay state export --output state.json', 'a file that only you can read'],
					['audit-relay state export | ssh host audit-relay state import -', 'straight to another machine'],
				),
		)
		.action(async (options: { output: string; force?: boolean }, command: Command) => {
			const { statePlace, json } = contextOf(command, io);
			const place = await statePlace();
			const now = new Date(io.clock.now()).toISOString();
			if (options.output === '-') {
				if (io.stdout.isTTY) throw new UsageError('error: name a file with --output, or send the output to one');
				const { leftOut } = await reading(place, io, (opened) =>
					opened.export(now, (text) => void io.stdout.write(text)),
				);
				return sayLeftOut(leftOut, io);
			}
			const path = pathFrom(io, options.output);
			if (isOfState(place, path, io)) throw new UsageError(`error: ${path} belongs to the state itself`);
			const { counts, leftOut } = await reading(place, io, (opened) =>
				writePrivate(path, options.force === true, (write) => opened.export(now, write)),
			);
			io.stdout.write(
				json ? `${JSON.stringify({ written: path, ...counts, leftOut })}\n` : `Wrote ${path}: ${summed(counts)}\n`,
			);
			sayLeftOut(leftOut, io);
		});
}

/** What another machine would lack, because here it is damaged. */
export function sayLeftOut(leftOut: Exported['leftOut'], io: Pick<Io, 'stderr' | 'exit'>): void {
	if (leftOut.length === 0) return;
	const named = leftOut.slice(0, 20).map(({ table, row }) => `${table} ${plain(row)}`);
	const more = leftOut.length > named.length ? ` and ${leftOut.length - named.length} more` : '';
	io.stderr.write(
		`error: not whole, so not in the export: ${named.join(', ')}${more}. Start \`audit-relay run\` first: it reads again ` +
			'what the disk has altered; then export\n',
	);
	io.exit(ExitCode.failed);
}

/** Complete or not at all: an existing file is replaced only by a whole one. */
export async function writePrivate<T>(
	path: string,
	replace: boolean,
	fill: (write: (text: string) => void) => Promise<T>,
): Promise<T> {
	const target = replace ? `${path}.new` : path;
	let file: number | undefined;
	try {
		if (replace) rmSync(target, { force: true });
		// `wx` refuses an existing file in the same step that creates it
		const opened = (file = openSync(target, 'wx', 0o600));
		const result = await fill((text) => {
			const bytes = Buffer.from(text);
			for (let at = 0; at < bytes.length;) at += writeSync(opened, bytes, at);
		});
		fsyncSync(file);
		if (replace) renameSync(target, path);
		return result;
	} catch (error) {
		if (file !== undefined) rmSync(target, { force: true });
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') throw new CommandFailed(`${path} exists already; --force replaces it`);
		if (code?.startsWith('E') && !code.startsWith('ERR_'))
			throw new CommandFailed(`${path} cannot be written (${code})`);
		throw error;
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

export function summed({ streams, batches, dead_letters: letters, seen, known }: RowCounts): string {
	return [
		counted(streams, 'source'),
		counted(seen + known, 'known id'),
		`${counted(batches, 'batch', 'batches')} not delivered yet`,
		counted(letters, 'dead letter'),
	].join(', ');
}
