/** `audit-relay state import`: goes on from an exported state, in a state of its own. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { fingerprint } from '../../config/fingerprint';
import type { Config } from '../../config/types';
import type { OwnedState } from '../../store/admin';
import type { RowCounts } from '../../store/exportShape';
import { ImportError, readExport, type Imported } from '../../store/readExport';
import { contextOf, examples, pathFrom } from '../context';
import { CommandFailed } from '../exit';
import type { Io } from '../io';
import { sayLeftOut, summed, writePrivate } from './export';
import { creating, placeName } from './file';
import { plain } from '../ui';

export function addImport(group: Command, io: Io): void {
	group
		.command('import')
		.description('fill a new state from an exported one')
		.argument('<file>', 'what `state export` wrote; - is standard input')
		.option('-f, --force', 'replace a state that holds something; it is exported beside itself first')
		.addHelpText(
			'after',
			examples(
				['audit-relay state import state.json', 'into a state that does not exist yet'],
				['audit-relay state import state.json --force', 'instead of what is there'],
			),
		)
		.action(async (file: string, options: { force?: boolean }, command: Command) => {
			const { config: load, json } = contextOf(command, io);
			const config = await load();
			const imported = await read(file, io);
			await creating(config, io, async (state) => {
				const replaced = await (options.force ? keep(state, config, io) : refuseWhenFilled(state, config));
				await inserted(state, imported, file);
				const counts = await state.counts();
				for (const warning of warnings(imported, config)) io.stderr.write(`warning: ${warning}\n`);
				if (json) return void io.stdout.write(`${JSON.stringify({ ...counts, replaced: replaced ?? null })}\n`);
				if (replaced) io.stdout.write(`What was there before is kept in ${replaced}\n`);
				io.stdout.write(`Imported ${summed(counts)}. \`audit-relay run\` continues from there\n`);
			});
		});
}

async function read(file: string, io: Io): Promise<Imported> {
	const name = file === '-' ? 'standard input' : pathFrom(io, file);
	try {
		return readExport(file === '-' ? await textOf(io) : await readFile(name, 'utf8'));
	} catch (error) {
		if (error instanceof ImportError) throw new CommandFailed(`${name}: ${error.message}`);
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE') {
			throw new CommandFailed(`${name}: is too large; let the old machine ship what waits, then export again`);
		}
		if (code !== undefined) throw new CommandFailed(`${name}: cannot be read (${code})`);
		throw error;
	}
}

async function textOf({ stdin }: Io): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of stdin ?? []) parts.push(Buffer.from(part));
	return Buffer.concat(parts).toString('utf8');
}

const isEmpty = (counts: RowCounts): boolean => Object.values(counts).every((count) => count === 0);

async function refuseWhenFilled(state: OwnedState, config: Config): Promise<undefined> {
	const counts = await state.counts();
	if (isEmpty(counts)) return;
	throw new CommandFailed(
		`${placeName(config)} holds a state already (${summed(counts)}); ` +
			`set ${config.database ? 'state.schema to another one' : 'state.path to a new file'}, or --force replaces it`,
	);
}

/** Events that are not delivered yet are nowhere else: they are kept in a file before they are replaced. */
async function keep(state: OwnedState, { database, state: { path } }: Config, io: Io): Promise<string | undefined> {
	if (isEmpty(await state.counts())) return undefined;
	const now = new Date(io.clock.now()).toISOString();
	const place = database ? pathFrom(io, database.schema) : path;
	const copy = `${place}.before-import-${now.replace(/[:.]/g, '-')}.json`;
	const { leftOut } = await writePrivate(copy, false, (write) => state.export(now, write));
	sayLeftOut(leftOut, io);
	return copy;
}

async function inserted(state: OwnedState, imported: Imported, file: string): Promise<void> {
	try {
		await state.import(imported);
	} catch (error) {
		if (error instanceof ImportError) throw new CommandFailed(`${file}: ${error.message}; nothing was imported`);
		throw error;
	}
}

/** What would stop the next `run`. */
function warnings({ streams, batches, deliveries }: Imported, { sources, destinations }: Config): string[] {
	const other = streams.flatMap(({ name, fingerprint: stored }) => {
		const source = sources.find((one) => one.name === name);
		if (!source) return [`source ${plain(String(name))}: no source of this name is configured`];
		if (fingerprint(source) === stored) return [];
		return [
			`source ${source.name}: belongs to other settings; \`audit-relay state adopt ${source.name}\` continues with these`,
		];
	});
	const known = new Set([...sources.map(({ name }) => name)]);
	const unknown = new Set(batches.map(({ stream }) => String(stream)).filter((stream) => !known.has(stream)));
	const nowhere = new Set(deliveries.map(({ destination }) => String(destination)));
	for (const { name } of destinations) nowhere.delete(name);
	return [
		...other,
		...[...unknown].map((name) => `events of ${plain(name)} wait, and no source of this name is configured`),
		...[...nowhere].map((name) => `events wait for ${plain(name)}, and no destination of this name is configured`),
	];
}
