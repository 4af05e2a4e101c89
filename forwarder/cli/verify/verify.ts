/** `audit-relay verify`: proves that everything the providers list was stored, also beside a running process. */
import type { Command } from 'commander';
import type { Nanos } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { formatInstant } from '../../../core/time';
import { startOf } from '../../config/buildSource';
import { fingerprint } from '../../config/fingerprint';
import { SecretError } from '../../config/secrets';
import type { SourceConfig } from '../../config/types';
import type { Ledger } from '../../store/ledger';
import type { Verdict } from '../../store/verified';
import type { Verification } from '../../verify/result';
import { verify } from '../../verify/verify';
import { logByHand, whoNow } from '../byHand';
import { chosenSources } from '../chosen';
import { contextOf, examples, type Context } from '../context';
import { ExitCode, UsageError } from '../exit';
import type { Io } from '../io';
import { openSource, type SourceDeps } from '../sources';
import { amending, reading } from '../state/file';
import { createProgress, type ProgressLine } from '../ui';
import { verificationText } from './text';

const EXIT: Record<Verdict, number> = { proven: ExitCode.good, unknown: ExitCode.unknown, broken: ExitCode.failed };

export function addVerify(program: Command, io: Io): void {
	program
		.command('verify')
		.description(
			'prove that everything the providers list was stored, and that their hash chains hold where they have one',
		)
		.option('-s, --source <name>', 'this source only')
		.option('--from <when>', 'ISO 8601 instant or age (7d); default: as far back as shipped events are remembered')
		.option('--to <when>', 'ISO 8601 instant or age, not included; default: the watermark')
		.option('--acknowledge', 'read nothing: acknowledge what the last scheduled checks found broken')
		.addHelpText(
			'after',
			examples(
				['audit-relay verify', 'every source, as far back as events are remembered'],
				['audit-relay verify --source erp --from 7d', 'the last seven days of one'],
				['audit-relay verify --json | jq .verdict', 'for scripts'],
				['audit-relay verify --acknowledge --source erp', 'what the daemon found broken is dealt with'],
			) +
				'\nReads the lists again and ships nothing; also while `run` is running.' +
				'\nExit codes: 0 proven, 1 broken, 3 unknown (neither proven nor contradicted), 2 wrong usage, configuration or state.\n',
		)
		.action(async (options: Options, command: Command) => {
			const context = contextOf(command, io);
			if (options.acknowledge) return acknowledge(options, context, io);
			const config = await context.config();
			const chosen = chosenSources(config, options.source);
			const asked = { ...bound('from', options, io), ...bound('to', options, io) };
			if (asked.from !== undefined && asked.to !== undefined && asked.from >= asked.to) {
				throw new UsageError('--from must be before --to');
			}
			const progress = createProgress(io);
			const deps: SourceDeps = { clock: io.clock, random: io.random, env: io.env, domains: new Map() };
			const results: Verification[] = [];
			await reading(config, io, async (state) => {
				const known = new Map((await state.positions()).map((stream) => [stream.name, stream.fingerprint]));
				for (const source of chosen) {
					const other = known.has(source.name) && known.get(source.name) !== fingerprint(source);
					const reason = 'its state belongs to other settings: see `audit-relay run`';
					if (other) results.push(unknown(source, reason));
					else results.push(await verified(source, state.ledger(source.name), asked, { deps, io, progress }));
				}
			}).finally(() => progress.done());
			const verdict = overall(results);
			const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value, 9) : value);
			if (context.json) io.stdout.write(`${JSON.stringify({ verdict, sources: results }, instants)}\n`);
			else io.stdout.write(results.map((result) => verificationText(result, context.ui)).join('\n'));
			io.exit(EXIT[verdict]);
		});
}

interface Options {
	source?: string;
	from?: string;
	to?: string;
	acknowledge?: boolean;
}

async function acknowledge({ source, from, to }: Options, context: Context, io: Io): Promise<void> {
	if (from !== undefined || to !== undefined) {
		throw new UsageError('error: --from and --to choose what is read; --acknowledge reads nothing');
	}
	const place = await context.statePlace();
	const { streams, action } = await amending(place, io, (state) => state.acknowledgeVerdicts(source, whoNow(io)));
	logByHand(action, io, context);
	const told =
		streams.length > 0 ? streams.map((name) => `${name}: acknowledged`) : ['no broken verdict to acknowledge'];
	io.stdout.write(context.json ? `${JSON.stringify({ acknowledged: streams })}\n` : `${told.join('\n')}\n`);
}

interface Surroundings {
	deps: SourceDeps;
	io: Io;
	progress: ProgressLine;
}

async function verified(
	config: SourceConfig,
	ledger: Ledger,
	asked: { from?: Nanos; to?: Nanos },
	{ deps, io, progress }: Surroundings,
): Promise<Verification> {
	const { name, pastLatenessMs: latenessMs } = config;
	progress.update(`Verifying ${name} …`);
	try {
		const { source, integrity } = (await openSource(config, deps)).background();
		const onSlice = (done: Nanos, { from, to }: { from: Nanos; to: Nanos }) =>
			progress.update(`Verifying ${name}: ${Number(((done - from) * 100n) / (to - from))} % …`);
		return await verify({ name, source, integrity, ledger, clock: io.clock, latenessMs, onSlice }, asked, io.stop);
	} catch (error) {
		if (io.stop.aborted || !(error instanceof RequestError || error instanceof SecretError)) throw error;
		return unknown(config, `it could not be read: ${error.message}`);
	}
}

function unknown({ name }: SourceConfig, reason: string): Verification {
	return { source: name, verdict: 'unknown', reason, findings: [], gaps: [] };
}

function overall(results: readonly Verification[]): Verdict {
	const has = (verdict: Verdict) => results.some((result) => result.verdict === verdict);
	return has('broken') ? 'broken' : has('unknown') ? 'unknown' : 'proven';
}

function bound(name: 'from' | 'to', options: Options, io: Io): { from?: Nanos; to?: Nanos } {
	const text = options[name];
	if (text === undefined) return {};
	const instant = startOf(text, io.clock.now());
	if (typeof instant === 'bigint') return { [name]: instant };
	throw new UsageError(`--${name} ${text}: ${instant.what}. ${instant.fix}`);
}
