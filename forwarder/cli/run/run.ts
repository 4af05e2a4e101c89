/** `audit-relay run`: the daemon; with `--once`, everything up to now and the end. */
import type { Command } from 'commander';
import type { Config } from '../../config/types';
import { parseDuration } from '../../../core/durations';
import { contextOf, examples, type Context } from '../context';
import { ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { createDaemonLog, createLog, type Logger } from '../log';
import type { LogShipping } from '../telemetry/logs';
import { tellOf } from '../telemetry/tell';
import { openRelay, openWorking } from '../open';
import { showSummary } from '../status/status';
import { ownResource } from '../../ownResource';
import { VERSION } from '../../version';
import { createProgress, type Progress } from './progress';

export function addRun(program: Command, io: Io): void {
	program
		.command('run')
		.description('poll all sources and ship their events until stopped')
		.option('--once', 'read everything up to now, ship it and end; exit 0 only when all of it is acknowledged')
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
		.action(async (options: { once?: boolean; grace: string; giveUpAfter: string }, command: Command) => {
			const context = contextOf(command, io);
			if (!options.once && command.getOptionValueSource('giveUpAfter') !== 'default') {
				const why = 'without it, run waits for its destinations as long as it takes';
				throw new UsageError(`--give-up-after needs --once: ${why}. Add --once, or remove --give-up-after`);
			}
			const graceMs = durationOf('--grace', options.grace);
			const patienceMs = durationOf('--give-up-after', options.giveUpAfter);
			const progress = createProgress(io, context.json);
			const logIo = { env: io.env, clock: io.clock, stderr: progress.above };
			const logOptions = { json: context.json, color: context.color };
			const { log, also, end } = options.once
				? { log: createLog(logIo, logOptions), also: () => {}, end: () => {} }
				: createDaemonLog(logIo, logOptions);
			let shipping: LogShipping | undefined;
			// sent by a terminal that is closed, and by those who expect it to read its settings again
			io.onHangup(() =>
				log.warn('SIGHUP does nothing: a changed configuration is taken by a restart, keys by themselves'),
			);
			try {
				const config = await context.config();
				if (options.once && config.database) {
					const why = 'what is read up to now, and by whom, is up to all workers that share the database';
					throw new UsageError(`--once needs a state file: ${why}. Use state.path, or run without --once`);
				}
				progress.begin();
				const receiver = options.once ? undefined : config.telemetry?.logs;
				if (receiver) {
					// with the SDK's batches
					const { shipLog } = await import('../telemetry/logs');
					const about = ownResource(VERSION, config.resourceAttributes);
					shipping = shipLog(receiver, about, io, tellOf(receiver, 'logs', createLog(logIo, logOptions)));
					also(shipping.say);
				}
				if (options.once) await once(config, context, io, log, progress, patienceMs);
				else await daemon(config, io, log, progress, graceMs);
			} finally {
				progress.done();
				end();
				await shipping?.end();
			}
		});
}

function durationOf(option: string, text: string): number {
	const ms = parseDuration(text);
	if (ms === undefined) throw new UsageError(`${option} ${text}: is not a duration; write 500ms, 10s or 2m`);
	return ms;
}

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

async function daemon(config: Config, io: Io, log: Logger, progress: Progress, graceMs: number): Promise<void> {
	const { sources, destinations } = config;
	const working = await openWorking(config, io, log);
	const { run, state, close } = working;
	try {
		// as much as it takes to send a message is loaded only where somebody wants one
		const telling =
			config.notifications.length > 0 ? (await import('./tell')).tell(config, working, io, log) : undefined;
		try {
			// the metrics SDK is needed here only
			const { serve } = await import('./serve');
			const serving = await serve(config, telling?.observed ?? working.observed, io, log);
			log.info({ version: VERSION, sources: names(sources), destinations: names(destinations), state }, 'started');
			progress.follow(working.observed.look);
			try {
				await run(io.stop, graceMs);
			} finally {
				await serving.close();
			}
		} finally {
			await telling?.end();
		}
		log.info('stopped; what is not shipped waits in the state');
	} finally {
		await close();
	}
}

async function once(
	config: Config,
	context: Context,
	io: Io,
	log: Logger,
	progress: Progress,
	patienceMs: number,
): Promise<void> {
	const { relay, store, observed, close } = await openRelay(config, io, log);
	try {
		progress.follow(observed.look);
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
		io.exit(troubles.length === 0 ? ExitCode.good : ExitCode.failed);
	} finally {
		await close();
	}
}
