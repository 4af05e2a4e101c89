/** `audit-relay preview`: shows real events as they would be shipped. Ships nothing, stores nothing. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { recordOf } from '../../../core/record/attributes';
import { fitting } from '../../../core/walk/read';
import type { Nanos, Position } from '../../../core/contract';
import type { AuditRecord } from '../../../core/provider';
import { withText } from '../../../core/record/event';
import { redact } from '../../../core/json/redact';
import { fromMillis } from '../../../core/time';
import { parseDuration } from '../../../core/durations';
import type { Problem } from '../../config/errors';
import type { SourceConfig } from '../../config/types';
import { adviceFor } from '../../http/advice';
import { chosenSources } from '../chosen';
import { contextOf, examples, type Context } from '../context';
import { ExitCode, problemsJson } from '../exit';
import type { Io } from '../io';
import { readableRecord } from './text';
import { openSource, type SourceDeps } from '../sources';
import { counted } from '../ui';

/** An empty or fully filtered stretch must not make a preview read a whole history. */
const MAX_PAGES = 20;

interface Options {
	number: number;
	source?: string;
	/** Milliseconds. */
	since: number;
}

export function addPreview(program: Command, io: Io): void {
	program
		.command('preview')
		.description('show real events as they would be shipped; ships and stores nothing')
		.option('-n, --number <count>', 'events per source', count, 5)
		.option('-s, --source <name>', 'this source only')
		.addOption(new Option('--since <age>', 'look back this far').argParser(age).default(7 * 86_400_000, '7d'))
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
			const deps: SourceDeps = { clock: io.clock, random: () => io.random(), env: io.env, domains: new Map() };
			const lower = fromMillis(Math.max(0, io.clock.now() - options.since));
			const problems: Problem[] = [];
			for (const source of chosenSources(config, options.source)) {
				try {
					show(source, await collect(source, deps, lower, options.number, io.stop), context, io);
				} catch (error) {
					const { what, fix } = adviceFor(error, source, io.env);
					problems.push({ key: `source ${source.name}`, what, fix });
					if (!context.json) io.stderr.write(`error: ${source.name}: ${what}\n  ${fix}\n`);
				}
			}
			if (context.json && problems.length) io.stdout.write(problemsJson(problems));
			io.exit(problems.length ? ExitCode.failed : ExitCode.good);
		});
}

type Collected = Awaited<ReturnType<typeof collect>>;

function show({ name }: SourceConfig, { records, dropped, invalid }: Collected, { json, ui }: Context, io: Io): void {
	for (const record of records) {
		io.stdout.write(json ? `${JSON.stringify({ source: name, ...record })}\n` : readableRecord(name, record, ui));
	}
	const left = [dropped && `${dropped} dropped by filter.dropReads`, invalid && `${invalid} unreadable`].filter(
		Boolean,
	);
	const summary = `${name}: ${counted(records.length, 'event')}${left.length ? ` (${left.join(', ')})` : ''}`;
	io.stderr.write(`${summary}${records.length ? '' : '; --since looks further back'}\n`);
}

async function collect(given: SourceConfig, deps: SourceDeps, lower: Nanos, wanted: number, signal: AbortSignal) {
	const config = { ...given, rateLimit: { ...given.rateLimit, retries: Math.min(1, given.rateLimit.retries) } };
	const { provider, source } = await openSource(config, deps);
	const records: AuditRecord[] = [];
	let [dropped, invalid] = [0, 0];
	let position: Position | undefined;
	for (let pages = 0; pages < MAX_PAGES && records.length < wanted; pages++) {
		const page = await fitting(source).page({ lower }, position, signal);
		invalid += page.invalid.length;
		for (const event of page.events) {
			if (records.length === wanted) break;
			if (config.dropReads && provider.isSelfNoise(event.json)) dropped++;
			else records.push(recordOf(provider, withText(event, config.redact.reduce(redact, event.raw))));
		}
		if (!page.next) break;
		position = page.next;
	}
	return { records, dropped, invalid };
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
