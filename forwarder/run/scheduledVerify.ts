/** Verifies one source again and again, beside its polls, and says what it found in records. */
import type { Gap } from '../../core/walk/contract';
import type { Clock, Nanos, Source } from '../../core/contract';
import type { Integrity, Provider } from '../../core/provider';
import { fromMillis, toMillis } from '../../core/time';
import { afterFailure, type AfterFailure } from './afterFailure';
import type { Verdicts } from '../store/ledger';
import type { Finding, Verification } from '../verify/result';
import { verify } from '../verify/verify';

export type VerifyNotice = { kind: 'verified'; result: Verification } | { kind: 'failed'; failure: AfterFailure };

export interface VerifierDeps {
	name: string;
	provider: Pick<Provider, 'settings'>;
	everyMs: number;
	/** Its requests have a lower priority than those of polls. */
	source: Source;
	integrity?: Integrity;
	verdicts: Verdicts;
	clock: Clock;
	random: () => number;
	latenessMs: number;
	pollIntervalMs: number;
	report: (notice: VerifyNotice) => void;
}

export interface Verifier {
	/** Until the signal aborts. Throws only what makes further writing wrong. */
	run(signal: AbortSignal): Promise<void>;
}

/** When a check is due goes by the wall clock, which may be set: it is looked at this often. */
const LONGEST_SLEEP_MS = 3_600_000;

export function createVerifier(deps: VerifierDeps): Verifier {
	const { everyMs, verdicts, clock, random, report } = deps;
	let failures = 0;

	/** Milliseconds until there is something to do again. */
	async function next(signal: AbortSignal): Promise<number> {
		const last = await verdicts.lastAt();
		const due = last === undefined ? 0 : toMillis(last) + everyMs - clock.now();
		// a clock that was ahead at the last verdict must not put the next one off
		if (due > 0 && due <= everyMs) return due;
		try {
			const { watermark = 0n, spans = [] } = (await verdicts.ledger.spans()) ?? {};
			// what is new is looked at twice: a late event that came after the first look shows in the second
			const from = later(watermark - 2n * fromMillis(everyMs), spans.at(-1)?.from ?? watermark);
			if (from >= watermark) return deps.pollIntervalMs;
			const result = await verify({ ...deps, ledger: verdicts.ledger }, { from }, signal);
			const { source: _, gaps: __, ...verified } = result;
			await verdicts.note(verified, gapsOf(result), placesOf(result));
			failures = 0;
			report({ kind: 'verified', result });
			return everyMs;
		} catch (error) {
			if (signal.aborted) return 0;
			const failure = afterFailure(error, ++failures, deps.pollIntervalMs, deps.provider);
			if (failure.kind === 'fatal') throw error;
			report({ kind: 'failed', failure });
			return failure.waitMs * (0.5 + random() / 2);
		}
	}

	return {
		async run(signal) {
			while (!signal.aborted) {
				const wait = await next(signal);
				await clock.sleep(Math.min(wait, LONGEST_SLEEP_MS), signal);
			}
		},
	};
}

/** What is broken at places of its own: events that never were shipped, links to an entry that is missing. */
function gapsOf({ findings }: Verification): Gap[] {
	return findings.filter(({ verdict }) => verdict === 'broken').flatMap(gapOf);
}

/** Each of them as a text that is the same in the next check. */
function placesOf({ findings }: Verification): string[] {
	return findings
		.filter(({ verdict }) => verdict === 'broken')
		.flatMap(({ check, detail, where = [] }) =>
			where.length > 0 ? where.map(({ id, time, why }) => `${check} ${id ?? time ?? why}`) : [`${check}: ${detail}`],
		);
}

const REASON: Partial<Record<Finding['check'], Gap['reason']>> = {
	're-walk': 'skipped',
	chain: 'chain_break',
	provider: 'chain_break',
};
const NAMED = 10;

function gapOf({ check, detail, where = [] }: Finding): Gap[] {
	const reason = REASON[check];
	if (!reason) return [];
	const times = where.flatMap(({ time }) => time ?? []);
	const ids = where.flatMap(({ id }) => id ?? []);
	const names = ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '');
	return [
		{
			reason,
			...(times.length > 0 && { from: min(times), to: max(times) }),
			detail: `found by verify: ${detail}${names && ` (${names})`}`,
		},
	];
}

const later = (a: Nanos, b: Nanos) => (a > b ? a : b);
const min = (times: readonly Nanos[]) => times.reduce((a, b) => (b < a ? b : a));
const max = (times: readonly Nanos[]) => times.reduce((a, b) => (b > a ? b : a));
