/** `audit-relay state show`: positions and who owns the file, read beside a running process. */
import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Walk } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { formatInstant, toMillis } from '../../../core/time';
import type { StatePlace } from '../../config/types';
import type { InspectedStream, Inspection, Owner } from '../../store/inspection';
import { contextOf, examples } from '../context';
import type { Io } from '../io';
import { reading } from './file';
import { age } from '../age';
import { counted, plain, type Ui } from '../ui';

interface Shown {
	place: StatePlace;
	owner: Owner;
	found: Inspection;
}

export function addShow(group: Command, io: Io): void {
	group
		.command('show')
		.description('show positions, what waits, and who owns the state')
		.addHelpText(
			'after',
			examples(
				['audit-relay state show', 'tables, also while `run` is running'],
				['audit-relay state show --json', 'for scripts'],
			),
		)
		.action(async (_options: unknown, command: Command) => {
			const { statePlace, json, ui } = contextOf(command, io);
			const place = await statePlace();
			const shown = await reading(place, io, async (state) => ({
				...{ place, found: await state.inspect(), owner: await state.owner() },
			}));
			io.stdout.write(json ? `${asJson(shown)}\n` : asText(shown, ui, io.clock.now()));
		});
}

/** With its journal. */
function sizeOf(path: string): number {
	const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
	return size(path) + size(`${path}-wal`);
}

function asJson({ place: { database, state }, owner: { running, ...owner }, found }: Shown): string {
	const { streams, ...rest } = found;
	const facts = database
		? { schema: database.schema, running }
		: { path: state.path, bytes: sizeOf(state.path), inUse: running };
	const shown = streams.map(({ walk, kept, settings, ...stream }) => ({
		...stream,
		settings: settings === undefined ? null : (JSON.parse(settings) as unknown),
		// positions are the providers' own and may be signed: that there is one says enough
		walk: walk ? { ...walk, position: walk.position !== undefined, begun: walk.begun !== undefined } : null,
		kept: kept !== undefined,
	}));
	const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value, 9) : value);
	return JSON.stringify({ ...facts, ...owner, ...rest, sources: shown }, instants);
}

function asText({ place, owner, found }: Shown, ui: Ui, nowMs: number): string {
	const ago = (instant: Nanos) => `${age(nowMs - toMillis(instant))} ago`;
	const { database, state } = place;
	const facts = [
		database ? ['schema', database.schema] : ['file', `${state.path}, ${Math.ceil(sizeOf(state.path) / 1024)} KiB`],
		['version', `${found.version}, epoch ${found.epoch}`],
		...owners(owner).map((text, index) => [index === 0 ? 'owner' : '', text]),
		['outbox', `${counted(found.batches, 'batch', 'batches')}, ${found.bytes} bytes of event text`],
		['dead letters', String(found.deadLetters)],
		['gaps', String(found.gaps)],
	].map(([name, value]) => [ui.paint('dim', name!), value!]);
	const streamHead = ['SOURCE', 'START', 'WATERMARK', 'WALK', 'KNOWN IDS', 'BACK-FILLED'];
	const parts = [ui.table(facts), ui.table(found.streams.map(row), streamHead)];
	if (found.waiting.length > 0) {
		const rows = found.waiting.map(({ destination, records, since }) => [
			plain(destination),
			String(records),
			ago(since),
		]);
		parts.push(ui.table(rows, ['DESTINATION', 'RECORDS WAITING', 'OLDEST']));
	}
	return parts.join('\n');
}

function owners(owner: Owner): string[] {
	if ('pid' in owner) {
		const last = `process ${owner.pid}, since ${formatInstant(owner.since, 0)}`;
		return [owner.running ? last : `none now; the last was ${last}`];
	}
	const workers = owner.workers.map(({ id, since }) => `${plain(id)}, since ${formatInstant(since, 0)}`);
	return owner.running ? workers : ['none now', ...workers.map((worker) => `no sign of life of ${worker}`)];
}

function row({ name, start, watermark, walk, seen, covered }: InspectedStream): string[] {
	return [
		plain(name),
		start === undefined ? '-' : formatInstant(start, 0),
		watermark === undefined ? '-' : formatInstant(watermark),
		walk ? walkText(walk) : 'none',
		String(seen),
		covered.map(({ from, to }) => `${formatInstant(from, 0)} to ${formatInstant(to, 0)}`).join(', ') || '-',
	];
}

function walkText({ windows, pages, position }: Walk): string {
	const count = windows.length === 1 ? '1 window' : `${windows.length} windows`;
	return `${count}, ${pages} pages, ${position ? 'inside' : 'at the beginning'}`;
}
