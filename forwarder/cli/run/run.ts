/** `audit-relay run`: the daemon; with `--once`, everything up to now and the end. */
import type { Command } from 'commander';
import { ConfigError } from '../../config/errors';
import { shortened } from '../../config/saidOnce';
import type { Loaded } from '../../config/load';
import { logging } from '../../run/logging';
import { parseDuration } from '../../../core/durations';
import { contextOf, examples, type Context } from '../context';
import { ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { createDaemonLog, createLog, type Logger } from '../log';
import type { LogShipping } from '../telemetry/logs';
import { tellOf } from '../telemetry/tell';
import { openRelay, openWorking } from '../open';
import { collectFor } from './lean';
import { createLive, toldOf } from './live';
import { watchFiles } from './watch';
import { showSummary } from '../status/status';
import { ownResource } from '../../ownResource';
import { VERSION } from '../../version';
import { createProgress, type Progress } from './progress';

export function addRun(program: Command, io: Io): void {
	program
		.command('run')
		.description('poll all sources and ship their events until stopped')
		.option('--once', 'read everything up to now, ship it and end; exit 0 only when all of it is acknowledged')
		.option('--watch', 'read the configuration again when its files change')
		.option('--strict', 'start only when every source can be used')
		.option('--give-up-after <duration>', 'with --once: end when a destination accepts nothing for this long', '1m')
		.option('--grace <duration>', 'after SIGTERM or SIGINT, ship what is safe already for at most this long', '10s')
		.addHelpText(
			'after',
			examples(
				['audit-relay run', 'run until SIGTERM or Ctrl-C'],
				['audit-relay run --once', 'from cron: one pass, exit 1 when something is left'],
				['AUDIT_RELAY_LOG_LEVEL=debug audit-relay run', 'log every page and batch'],
			),
		)
		.action(async (options: Options, command: Command) => {
			const context = contextOf(command, io);
			if (!options.once && command.getOptionValueSource('giveUpAfter') !== 'default') {
				const why = 'without it, run waits for its destinations as long as it takes';
				throw new UsageError(`--give-up-after needs --once: ${why}. Add --once, or remove --give-up-after`);
			}
			if (options.once && options.watch) throw new UsageError('--watch does nothing with --once. Remove one of them');
			const graceMs = durationOf('--grace', options.grace);
			const patienceMs = durationOf('--give-up-after', options.giveUpAfter);
			const progress = createProgress(io, context.json);
			const logIo = { env: io.env, clock: io.clock, stderr: progress.above };
			const logOptions = { json: context.json, color: context.color };
			const { log, also, end } = options.once
				? { log: createLog(logIo, logOptions), also: () => {}, end: () => {} }
				: createDaemonLog(logIo, logOptions);
			let shipping: LogShipping | undefined;
			// the files may have been read before they were changed
			let isAsked = false;
			let hangup = (): void => void (isAsked = true);
			io.onHangup(() => hangup());
			const isStrict = options.strict === true;
			try {
				const loaded = await (isStrict ? context.loaded() : context.usable());
				if (options.once) hangup = () => log.warn('SIGHUP does nothing with --once');
				if (options.once && loaded.config.database) {
					const why = 'what is read up to now, and by whom, is up to all workers that share the database';
					throw new UsageError(`--once needs a state file: ${why}. Use state.path, or run without --once`);
				}
				progress.begin();
				const { config } = loaded;
				const receiver = options.once ? undefined : config.telemetry?.logs;
				if (receiver) {
					// with the SDK's batches
					const { shipLog } = await import('../telemetry/logs');
					const about = ownResource(VERSION, config.resourceAttributes);
					shipping = shipLog(receiver, about, io, tellOf(receiver, 'logs', createLog(logIo, logOptions)));
					also(shipping.say);
				}
				const onHangup = (reload: () => void) => {
					hangup = reload;
					if (isAsked) reload();
				};
				if (options.once) await once(loaded, context, io, log, { progress, patienceMs, isStrict });
				else
					await daemon(loaded, io, log, { progress, graceMs, isStrict, isWatching: options.watch === true, onHangup });
			} finally {
				progress.done();
				end();
				await shipping?.end();
			}
		});
}

interface Options {
	once?: boolean;
	watch?: boolean;
	strict?: boolean;
	grace: string;
	giveUpAfter: string;
}

function durationOf(option: string, text: string): number {
	const ms = parseDuration(text);
	if (ms === undefined) throw new UsageError(`${option} ${text}: is not a duration; write 500ms, 10s or 2m`);
	return ms;
}

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

interface DaemonOptions {
	progress: Progress;
	graceMs: number;
	isStrict: boolean;
	isWatching: boolean;
	/** Sent by those who want it to read its configuration again; a terminal that is closed sends it too, and that does no harm. */
	onHangup: (told: () => void) => void;
}

async function daemon(loaded: Loaded, io: Io, log: Logger, options: DaemonOptions): Promise<void> {
	const { config } = loaded;
	const { sources, destinations } = config;
	const live = createLive(loaded, io, log);
	const working = await openWorking(config, io, log, { isStrict: options.isStrict, mistakes: live.mistakes });
	const { run, state, close } = working;
	// when all that lives long is there: what grows anyway would be gone through again and again
	collectFor(sources.length);
	try {
		const { tell } = await import('./tell');
		const telling = await tell(config, working, io, log);
		live.of({
			observed: working.observed,
			async change(now) {
				await working.change(now.sources, now.destinations);
				await telling.change(now);
			},
		});
		try {
			// the metrics SDK is needed here only
			const { serve } = await import('./serve');
			const reload = {
				apply: async () => toldOf(await live.reload(), config.path),
				compare: async () => toldOf(await live.compare(), config.path),
			};
			const metrics = () => live.config.metrics;
			const serving = await serve(config, telling.observed, io, log, { reload, metrics });
			const what = { sources: shortened(names(sources)), destinations: names(destinations) };
			log.info({ version: VERSION, ...what, sourceCount: sources.length, state }, 'started');
			options.progress.follow(working.observed.look);
			const failed = (err: unknown) => log.error({ err }, 'the configuration could not be read again');
			options.onHangup(() => void live.reload().catch(failed));
			const over = new AbortController();
			const again = [live.run(over.signal)];
			const changed = () => live.reload().catch(failed);
			if (options.isWatching) again.push(watchFiles({ watched: live.watched, changed, clock: io.clock }, over.signal));
			try {
				await run(io.stop, options.graceMs);
			} finally {
				over.abort();
				await Promise.all(again);
				await serving.close();
			}
		} finally {
			await telling.end();
		}
		log.info('stopped; what is not shipped waits in the state');
	} finally {
		await close();
	}
}

interface OnceOptions {
	progress: Progress;
	patienceMs: number;
	isStrict: boolean;
}

async function once(
	{ config, mistakes }: Loaded,
	context: Context,
	io: Io,
	log: Logger,
	{ progress, patienceMs, isStrict }: OnceOptions,
): Promise<void> {
	const { relay, store, observed, close } = await openRelay(config, io, log, logging(log), { isStrict });
	try {
		progress.follow(observed.look);
		const problems = [...new Set(mistakes.flatMap((mistake) => mistake.problems))];
		if (problems.length > 0) io.stderr.write(`${new ConfigError(config.path, problems).message}\n`);
		const isWrong = problems.length + relay.status().refused.size > 0;
		const troubles = await relay.once(io.stop, patienceMs);
		const summary = await store.summary();
		for (const { name, waiting } of summary.destinations) {
			if (waiting === 0 || config.destinations.some((known) => known.name === name)) continue;
			const ways = `configure it again, or give them up: audit-relay state forget ${name}`;
			troubles.push(`destination ${name} is no longer configured, and ${waiting} records wait for it; ${ways}`);
		}
		for (const trouble of troubles) log.error(trouble);
		const configured = { sources: names(config.sources), destinations: names(config.destinations) };
		progress.done();
		showSummary({ summary, configured }, context, io);
		// the others were read all the same
		io.exit(isWrong ? ExitCode.usage : troubles.length === 0 ? ExitCode.good : ExitCode.failed);
	} finally {
		await close();
	}
}
