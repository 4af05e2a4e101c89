/** `audit-relay run`: the daemon; with `--once`, everything up to now and the end. */
import type { Command } from 'commander';
import type { Config } from '../config/types';
import { parseDuration } from '../config/durations';
import { logging } from '../run/logging';
import { createRelay, type Relay, type Report } from '../run/relay';
import { openStore, type Store } from '../store/store';
import { contextOf, examples, type Context } from './context';
import { ExitCode, UsageError } from './exit';
import type { Io } from './io';
import { createLog, type Logger } from './log';
import { openSource, type Domains } from './sources';
import { showSummary } from './status';
import { VERSION } from './version';

/** Waiting event text above which polling pauses: an hour of a busy account, well below any disk. */
const MAX_OUTBOX_SIZE = 1024 ** 3;

export function addRun(program: Command, io: Io): void {
	program
		.command('run')
		.description('poll all sources and ship their events until stopped')
		.option('--once', 'read everything up to now, ship it and end; exit 0 only when all of it is acknowledged')
		.option('--grace <duration>', 'after SIGTERM or SIGINT, ship what is safe already for at most this long', '10s')
		.addHelpText(
			'after',
			examples(
				['audit-relay run', 'run until SIGTERM or Ctrl-C'],
				['audit-relay run --once', 'from cron: one pass, exit 1 when something is left'],
				['AUDIT_RELAY_LOG_LEVEL=debug audit-relay run', 'log every page and batch'],
			),
		)
		.action(async (options: { once?: boolean; grace: string }, command: Command) => {
			const context = contextOf(command, io);
			const graceMs = parseDuration(options.grace);
			if (graceMs === undefined)
				throw new UsageError(`--grace ${options.grace}: is no duration; write 500ms, 10s or 2m`);
			const config = await context.config();
			const log = createLog(io, { json: context.json, color: context.color });
			const { relay, store } = await openRelay(config, io, log);
			try {
				if (options.once) await once(relay, store, context, io, log);
				else await daemon(relay, config, io, log, graceMs);
			} finally {
				await relay.close();
			}
		});
}

/** Store and relay of a configuration, as `run` and `demo` use them. */
export async function openRelay(
	config: Config,
	io: Io,
	log: Logger,
	report: Report = logging(log),
): Promise<{ relay: Relay; store: Store }> {
	const { clock, random, env } = io;
	const store = openStore(config.state.path, { maxOutboxSize: MAX_OUTBOX_SIZE, now: () => clock.now() });
	try {
		if (store.setAside) {
			const message = 'the state file was unreadable and has been put aside; every source begins again at its start';
			log.error({ kept: store.setAside }, message);
		}
		const domains: Domains = new Map();
		const open = (source: Config['sources'][number]) => openSource(source, { clock, random, env, domains });
		return { relay: await createRelay({ config, store, clock, random, env, open, report }), store };
	} catch (error) {
		store.close();
		throw error;
	}
}

async function daemon(relay: Relay, config: Config, io: Io, log: Logger, graceMs: number): Promise<void> {
	const { sources, destinations, state } = config;
	const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
	log.info(
		{ version: VERSION, sources: names(sources), destinations: names(destinations), state: state.path },
		'started',
	);
	await relay.run(io.stop, graceMs);
	log.info('stopped; what is not shipped waits in the state file');
}

async function once(relay: Relay, store: Store, context: Context, io: Io, log: Logger): Promise<void> {
	const troubles = await relay.once(io.stop);
	for (const trouble of troubles) log.error(trouble);
	showSummary(store.summary(), context, io);
	io.exit(troubles.length === 0 ? ExitCode.good : ExitCode.failed);
}
