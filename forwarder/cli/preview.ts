/** `audit-relay preview`: shows real events as they would be shipped. Ships nothing, stores nothing. */
import { InvalidArgumentError, type Command } from 'commander';
import type { AuditRecord, Nanos, Position, SourceEvent } from '../../providers/contract';
import { redact } from '../../providers/json/redact';
import { fromMillis } from '../../providers/time';
import { parseDuration } from '../config/durations';
import { nearest } from '../config/nearest';
import type { SourceConfig } from '../config/types';
import { contextOf, examples } from './context';
import { UsageError } from './exit';
import type { Io } from './io';
import { readable } from './previewText';
import { openSource, type SourceDeps } from './sources';

/** An empty or fully filtered stretch must not make a preview read a whole history. */
const MAX_PAGES = 20;

interface Options {
	number: number;
	source?: string;
	since: number;
}

export function addPreview(program: Command, io: Io): void {
	program
		.command('preview')
		.description('show real events as they would be shipped; ships and stores nothing')
		.option('-n, --number <count>', 'events per source', count, 5)
		.option('-s, --source <name>', 'this source only')
		.option('--since <age>', 'look back this far', age, 7 * 86_400_000)
		.addHelpText(
			'after',
			examples(
				['audit-relay preview', 'five events of every source'],
				['audit-relay preview -n 20 --source dr --since 30d', 'more of one source'],
				['audit-relay preview --json | jq .eventName', 'one record per line'],
			),
		)
		.action(async (options: Options, command: Command) => {
			const context = contextOf(command, io);
			const config = await context.config();
			const chosen = config.sources.filter(({ name }) => options.source === undefined || name === options.source);
			if (!chosen.length) throw unknownSource(options.source!, config.sources);
			const deps: SourceDeps = { clock: io.clock, random: () => io.random(), env: io.env, domains: new Map() };
			for (const source of chosen) {
				const lower = fromMillis(io.clock.now() - options.since);
				const { records, dropped, invalid } = await collect(source, deps, lower, options.number, io.stop);
				for (const record of records) {
					const line = { source: source.name, ...record };
					io.stdout.write(context.json ? `${JSON.stringify(line)}\n` : readable(source.name, record, context.ui));
				}
				const left = [dropped && `${dropped} dropped by filter.dropReads`, invalid && `${invalid} unreadable`].filter(
					Boolean,
				);
				const summary = `${source.name}: ${records.length} events${left.length ? ` (${left.join(', ')})` : ''}`;
				io.stderr.write(`${summary}${records.length ? '' : '; --since looks further back'}\n`);
			}
		});
}

async function collect(given: SourceConfig, deps: SourceDeps, lower: Nanos, wanted: number, signal: AbortSignal) {
	const config = { ...given, rateLimit: { ...given.rateLimit, retries: Math.min(1, given.rateLimit.retries) } };
	const { provider, source } = await openSource(config, deps);
	const records: AuditRecord[] = [];
	let [dropped, invalid] = [0, 0];
	let position: Position | undefined;
	for (let pages = 0; pages < MAX_PAGES && records.length < wanted; pages++) {
		const page = await source.page({ lower }, position, signal);
		invalid += page.invalid.length;
		for (const event of page.events) {
			if (records.length === wanted) break;
			if (config.dropReads && provider.isSelfNoise(event.json)) dropped++;
			else records.push(provider.record(redacted(event, config.redact)));
		}
		if (!page.next) break;
		position = page.next;
	}
	return { records, dropped, invalid };
}

function redacted(event: SourceEvent, paths: readonly string[]): SourceEvent {
	const raw = paths.reduce(redact, event.raw);
	return raw === event.raw ? event : { ...event, raw, json: JSON.parse(raw) as SourceEvent['json'] };
}

function unknownSource(name: string, sources: readonly SourceConfig[]): UsageError {
	const names = sources.map((source) => source.name);
	const near = nearest(name, names);
	return new UsageError(
		`error: there is no source "${name}". ${near ? `Did you mean "${near}"?` : `Known: ${names.join(', ')}.`}`,
	);
}

function count(text: string): number {
	if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text);
	throw new InvalidArgumentError('Give a number from 1 to 9999.');
}

function age(text: string): number {
	const ms = parseDuration(text);
	if (ms !== undefined) return ms;
	throw new InvalidArgumentError('Give a duration such as 12h or 30d.');
}
