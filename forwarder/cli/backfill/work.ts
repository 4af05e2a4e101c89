/** Agrees on the job, and sees it done: by this process, or by the one that owns the state. Progress comes from the state file. */
import type { Nanos } from '../../../core/contract';
import { fingerprint } from '../../config/fingerprint';
import type { Config, SourceConfig } from '../../config/types';
import type { RelayReport } from '../../run/report';
import type { Backfill } from '../../store/backfill';
import { StateInUse } from '../../store/stateError';
import type { BackfillProgress, StateAdmin } from '../../store/admin';
import { rangeText, type Asked } from '../../run/range';
import { agree } from './range';
import { outcomeJson, outcomeText, progressLine, tooOldWarning, type Sample } from './screen';
import type { Context } from '../context';
import { whoNow } from '../byHand';
import { CommandFailed, ExitCode } from '../exit';
import type { Io } from '../io';
import { createLog } from '../log';
import { openRelay, type Opened } from '../open';
import { openBeside } from '../state/file';
import { createProgress, plain, type ProgressLine } from '../ui';

export interface BackfillTask {
	config: Config;
	source: SourceConfig;
	asked: Asked;
	context: Context;
	io: Io;
}

/** Without a sign of life for so long, the daemon may be gone, and its work free to be taken over. */
const STALLED_MS = 60_000;

export async function backfill(task: BackfillTask): Promise<void> {
	const { config, source, context, io } = task;
	const begun = io.clock.now();
	const progress = createProgress(io);
	let troubles: string[] = [];
	let owned = await own(task, progress);
	let state: StateAdmin | undefined;
	try {
		await owned?.relay.begin(source.name);
		state = await openBeside(config, io);
		const job = await jobFor(state, task, owned === undefined, progress);
		if (!owned) progress.done(`${await whoWorks(state, config)}. Ctrl-C only stops waiting for it`);
		while (!owned && !io.stop.aborted && !isDone(await read(state, job))) {
			await watch(state, job, task, progress, io.stop, STALLED_MS);
			if (!io.stop.aborted && !isDone(await read(state, job))) owned = await own(task, progress);
			if (config.database && !io.stop.aborted && !(await state.owner()).running)
				progress.done('nobody works on it: no worker gives a sign of life; `audit-relay run` starts one');
		}
		if (owned) {
			const over = new AbortController();
			const work = owned.relay.backfill(source.name, io.stop).finally(() => over.abort());
			await Promise.all([work, watch(state, job, task, progress, over.signal)]);
			troubles = await work;
		}
		progress.done();
		const last = await read(state, job);
		const { job: now, tooOld } = last;
		const outcome = {
			job: now,
			complete: troubles.length === 0 && !now.cancelled && isDone(last),
			seconds: (io.clock.now() - begun) / 1000,
			tooOld,
			troubles,
		};
		io.stdout.write(context.json ? outcomeJson(outcome) : outcomeText(outcome));
		if (!outcome.complete && !now.cancelled) {
			io.stderr.write(
				owned
					? `\`audit-relay backfill --source ${source.name}\` resumes it; so does \`run\`\n`
					: `the running process continues it; --cancel ends it\n`,
			);
		}
		const interrupted = io.stop.reason === 'SIGTERM' ? 143 : ExitCode.interrupted;
		io.exit(outcome.complete ? ExitCode.good : io.stop.aborted ? interrupted : ExitCode.failed);
	} finally {
		await state?.close();
		await owned?.close();
	}
}

async function whoWorks(state: StateAdmin, { database }: Config): Promise<string> {
	if (!database) return 'another audit-relay process uses this state and does the work';
	if ((await state.owner()).running) return 'the worker that has the source does the work, after its next poll';
	return 'no worker is running: the work begins when `audit-relay run` does';
}

/** Undefined: others own the state. */
async function own({ config, context, io }: BackfillTask, progress: ProgressLine): Promise<Opened | undefined> {
	// who holds the shard is up to the workers
	if (config.database) return undefined;
	const log = createLog(io, { level: 'warn', json: context.json, color: context.color });
	const tell = (text: string) => progress.done(plain(text));
	const report: RelayReport = {
		delivery(destination, notice) {
			if (notice.kind === 'halted' || notice.kind === 'warning') tell(`destination ${destination}: ${notice.message}`);
		},
		backfill(source, notice) {
			if (notice.kind !== 'failed') return;
			const { message, fix } = notice.failure;
			tell(`source ${source}: ${message}${fix ? ` (${fix})` : ''}`);
		},
	};
	try {
		return await openRelay(config, io, log, report);
	} catch (error) {
		if (error instanceof StateInUse) return undefined;
		throw error;
	}
}

async function jobFor(
	state: StateAdmin,
	task: BackfillTask,
	beside: boolean,
	progress: ProgressLine,
): Promise<Backfill> {
	const { source, asked, io, config } = task;
	const unfinished = async () =>
		(await state.backfills()).find(({ stream, ended }) => stream === source.name && ended === undefined);
	const decided = agree(asked, await startOfStream(state, source, beside), await unfinished(), io.clock.now());
	const { from } = decided.kind === 'goOn' ? decided.job : decided;
	for (const destination of config.destinations) {
		if (!source.destinations.includes(destination.name)) continue;
		const warning = tooOldWarning(from, io.clock.now(), destination);
		if (warning) io.stderr.write(`warning: ${warning}\n`);
	}
	if (decided.kind === 'goOn') {
		progress.done(`resuming the back-fill of ${source.name}: ${rangeText(decided.job)}`);
		return decided.job;
	}
	const cut = decided.cut ? '; from there on `run` reads' : '';
	progress.done(`back-fill of ${source.name}: ${rangeText(decided)}${cut}`);
	const { from: first, to } = decided;
	await state.askForBackfill({ stream: source.name, asked: asked.text, from: first, to }, whoNow(io));
	const job = await unfinished();
	if (!job) throw new CommandFailed('the back-fill was cancelled');
	return job;
}

async function startOfStream(state: StateAdmin, source: SourceConfig, beside: boolean): Promise<Nanos> {
	const row = (await state.positions()).find(({ name }) => name === source.name);
	if (beside && row && row.fingerprint !== fingerprint(source)) {
		throw new CommandFailed(`the running process reads source ${source.name} with other settings; restart it first`);
	}
	if (row?.start === undefined) {
		throw new CommandFailed(`the running process has not begun source ${source.name} yet; restart it, or try again`);
	}
	return row.start;
}

async function read(state: StateAdmin, { id }: Backfill): Promise<BackfillProgress> {
	const progress = await state.backfill(id);
	if (!progress) throw new CommandFailed('the state was reset; the back-fill is gone');
	return progress;
}

function isDone({ job, waiting }: Pick<BackfillProgress, 'job' | 'waiting'>): boolean {
	return job.ended !== undefined && (job.cancelled || waiting === 0);
}

/** Until the job is done, the signal aborts, or nothing has moved for `patienceMs`. */
async function watch(
	state: StateAdmin,
	job: Backfill,
	{ io: { clock, stderr }, source: { pastLatenessMs } }: BackfillTask,
	progress: ProgressLine,
	until: AbortSignal,
	patienceMs = Infinity,
): Promise<void> {
	const terminal = stderr.isTTY === true;
	const sample = async (): Promise<Sample> => ({ ...(await read(state, job)), atMs: clock.now() });
	const first = await sample();
	let moved = first;
	for (let now = first; !until.aborted && !isDone(now); now = await sample()) {
		progress.update(progressLine(first, now, pastLatenessMs, terminal));
		if (now.job.pages !== moved.job.pages || now.waiting !== moved.waiting) moved = now;
		else if (now.atMs - moved.atMs > patienceMs) return;
		await clock.sleep(terminal ? 200 : 500, until);
	}
}
