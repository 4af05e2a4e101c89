/** What the provider itself says about the span: how much it counts, and whether its chain holds. */
import type { Nanos } from '../../core/contract';
import type { Integrity } from '../../core/provider';
import type { Interval } from '../../core/walk/intervals';
import { RequestError } from '../../core/http/failure';
import { SECOND } from '../../core/time';
import type { ListedEntry } from './elements';
import { PLACES, type Finding, type Place } from './result';
import type { Slice } from './rewalk';

/** Whether bounds are inclusive, and how precise they are, is not documented: near them an event may count or not. */
const EDGE: Nanos = SECOND;

interface Window {
	asked: { lower: Nanos; upper: Nanos };
	/** Counted in any case. */
	least: number;
	/** Counted at most. */
	most: number;
}

/** Compares counts well inside of what was read, so that both edges of the question are known. */
export function counter(spans: readonly Interval[]) {
	const windows = spans
		.map(({ from, to }): Window => ({ asked: { lower: from + 2n * EDGE, upper: to - 2n * EDGE }, least: 0, most: 0 }))
		.filter(({ asked }) => asked.lower + 2n * EDGE < asked.upper);

	return {
		slice({ events }: Slice, others: readonly ListedEntry[] = []): void {
			for (const window of windows) window.most += others.filter(({ isTimeless }) => isTimeless).length;
			for (const { time } of [...events, ...others.filter(({ isTimeless }) => !isTimeless)]) {
				const window = windows.find(({ asked }) => time >= asked.lower - EDGE && time <= asked.upper + EDGE);
				if (!window) continue;
				window.most++;
				if (time > window.asked.lower + EDGE && time < window.asked.upper - EDGE) window.least++;
			}
		},

		async end({ total }: Pick<Integrity, 'total'>, signal: AbortSignal): Promise<Finding> {
			const check = 'count';
			if (windows.length === 0) return { check, verdict: 'unknown', detail: 'the span is too short to compare counts' };
			let sum = 0;
			for (const { asked, least, most } of windows) {
				let counted = await total(asked, signal);
				// what it added or removed meanwhile
				if (counted !== undefined && (counted < least || counted > most)) counted = await total(asked, signal);
				if (counted === undefined) return { check, verdict: 'unknown', detail: 'the provider offers no count (501)' };
				if (counted > most) {
					const detail = `the provider counts ${counted} entries where it lists ${most}`;
					return {
						check,
						verdict: 'broken',
						detail,
						where: [{ time: asked.lower, why: `up to ${counted - most} are not listed` }],
					};
				}
				if (counted < least) {
					const detail = `the provider counts ${counted} entries where it lists at least ${least}`;
					return { check, verdict: 'unknown', detail };
				}
				sum += counted;
			}
			return { check, verdict: 'proven', detail: `the provider counts ${sum} entries, as many as it lists` };
		},
	};
}

/** Lets the provider walk its chain, in pieces that its row limit covers. */
export function chainWalker(maxRows: number) {
	/** Touching slices together, as long as their rows stay well below the limit. */
	const pieces: (Interval & { rows: number })[] = [];

	return {
		slice({ from, to, events }: Slice, others = 0): void {
			const rows = events.length + others;
			const last = pieces.at(-1);
			if (last?.to === from && last.rows + rows <= maxRows * 0.9) {
				last.to = to;
				last.rows += rows;
			} else pieces.push({ from, to, rows });
		},

		async end({ verify }: Pick<Integrity, 'verify'>, signal: AbortSignal): Promise<Finding> {
			const check = 'provider';
			const listed = pieces.reduce((sum, { rows }) => sum + rows, 0);
			const todo: (Interval & { rows: number })[] = pieces.filter(({ rows }) => rows > 0);
			const where: Place[] = [];
			let [walked, uncovered] = [0, 0];
			for (let piece = todo.shift(); piece; piece = todo.shift()) {
				const { from, to, rows } = piece;
				const verdict = await verify({ lower: from - EDGE, upper: to + EDGE }, signal);
				if (!verdict) return { check, verdict: 'unknown', detail: 'the provider offers no verification (501)' };
				const { verified, chainLength, brokenAt, brokenReason = 'no reason given' } = verdict;
				if (!verified) where.push({ id: brokenAt, why: brokenReason });
				else if (chainLength >= maxRows && to - from > 2n * EDGE) {
					// there is more than was walked
					const middle = from + (to - from) / 2n;
					todo.unshift({ from, to: middle, rows: 0 }, { from: middle, to, rows: 0 });
					continue;
				} else if (chainLength >= maxRows || chainLength < rows) uncovered++;
				walked += chainLength;
			}
			if (where.length > 0) {
				const first = where[0]!;
				const detail = `the provider says its chain is broken${first.id ? ` at ${first.id}` : ''}: ${first.why}`;
				return { check, verdict: 'broken', detail, where: where.slice(0, PLACES) };
			}
			const rowsWalked = `walked ${walked} rows for ${listed} entries`;
			if (uncovered > 0 || walked < listed) {
				return {
					check,
					verdict: 'unknown',
					detail: `the provider found no break, but ${rowsWalked}: not all is covered`,
				};
			}
			return { check, verdict: 'proven', detail: `the provider ${rowsWalked} and found no break` };
		},
	};
}

/** Its result, or why there is none: what a provider refuses to answer is not an alarm. */
export async function unlessRefused(check: Finding['check'], asking: Promise<Finding>): Promise<Finding> {
	try {
		return await asking;
	} catch (error) {
		if (!(error instanceof RequestError) || error.failure.kind === 'aborted') throw error;
		return { check, verdict: 'unknown', detail: error.message };
	}
}
