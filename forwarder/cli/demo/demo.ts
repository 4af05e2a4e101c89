/** `audit-relay demo`: the main job on simulated providers and a small receiver, all on loopback. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { liveEvents } from '../../../sandbox/live';
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { loadConfig } from '../../config/load';
import { contextOf, examples, type Context } from '../context';
import { demoConfig, demoEnv, troubles } from './scene';
import { demoScreen, type Tally } from './screen';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { createLog } from '../log';
import { openRelay } from '../open';
import { serve } from '../run/serve';

const LIVE_SECONDS = 8;
const EVENTS_PER_SECOND = 5;
/** When the last event is older the demo has failed: everything is on this machine. */
const PATIENCE_SECONDS = 37;
/** For whoever waits for the end after Ctrl-C. */
const LEAVING_SECONDS = 5;

export function addDemo(program: Command, io: Io): void {
	program
		.command('demo')
		.description('see it work: simulated providers, the forwarder and a receiver, all on this machine')
		.option('--keep', 'keep going with new events until Ctrl-C')
		.addHelpText(
			'after',
			examples(
				['audit-relay demo', 'ends by itself when every event has arrived'],
				['audit-relay demo --keep', 'leave it running and look around, in its console too'],
			),
		)
		.action(async (options: { keep?: boolean }, command: Command) => {
			const folder = await mkdtemp(join(tmpdir(), 'audit-relay-demo-'));
			const sandbox = await startSandbox({ newestAt: io.clock.now() - 60_000, receiver: true });
			try {
				await show(sandbox, folder, options.keep === true, contextOf(command, io), io);
			} finally {
				await sandbox.stop();
				await rm(folder, { recursive: true });
			}
		});
}

async function show(sandbox: Sandbox, folder: string, keep: boolean, context: Context, io: Io): Promise<void> {
	const screen = demoScreen(context, io);
	troubles(sandbox, screen.trouble);
	const configPath = join(folder, 'audit-relay.yaml');
	await writeFile(configPath, demoConfig(sandbox, keep));
	const config = await loadConfig(configPath, { ...io.env, ...demoEnv(sandbox) }, io.clock.now());
	const quiet = createLog(io, { level: 'fatal' });
	const alone = { ...io, env: { ...io.env, NO_PROXY: '*' } };
	const { relay, observed, close } = await openRelay(config, alone, quiet, {
		pollFailed: (source, { message }) => screen.trouble(`${source}: ${message}; read again`),
	});
	const serving = keep ? await serve(config, observed, alone, quiet) : undefined;
	screen.begin(sandbox, serving?.url);

	const stop = new AbortController();
	const running = relay.run(stop.signal, 2000);
	const happen = liveEvents(sandbox.logs, 7);
	const begun = io.clock.now();
	const seconds = () => (io.clock.now() - begun) / 1000;
	let happened = 0;
	let endsAt = keep ? Infinity : LIVE_SECONDS;
	try {
		for (;;) {
			// what has happened is still to arrive
			if (io.stop.aborted) endsAt = Math.min(endsAt, seconds());
			while (happened < Math.min(seconds(), endsAt) * EVENTS_PER_SECOND) {
				happen(io.clock.now());
				happened++;
			}
			await io.clock.sleep(200, io.stop.aborted ? undefined : io.stop);
			const tally = count(sandbox);
			screen.update(tally);
			const complete = tally.every(({ produced, arrived }) => produced === arrived);
			const patience = io.stop.aborted ? LEAVING_SECONDS : PATIENCE_SECONDS;
			if (seconds() >= endsAt && (complete || seconds() > endsAt + patience)) break;
		}
	} finally {
		stop.abort();
		await running;
		await serving?.close();
		await close();
	}
	const tally = count(sandbox);
	const complete = tally.every(({ produced, arrived }) => produced === arrived);
	screen.end(tally, seconds(), complete);
	io.exit(complete || io.stop.aborted ? ExitCode.good : ExitCode.failed);
}

/** Compares what the providers hold with what the receiver holds, by event id. */
function count(sandbox: Sandbox): Tally {
	// written by the forwarder as text
	const uids = sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid'] as string);
	const distinct = new Set(uids);
	return Object.entries(sandbox.logs).map(([source, log]) => {
		const events = log.all();
		const copies = uids.filter((uid) => uid.startsWith(`${source}:`)).length;
		const arrived = events.filter(({ id }) => distinct.has(`${source}:${id}`)).length;
		return { source, produced: events.length, arrived, repeats: copies - arrived };
	});
}
