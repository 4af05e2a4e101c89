/** Medians of all rounds, and where to find them. */
import type { Case, Result, Subject } from '../measure/run';
import { median } from '../measure/usage';
import { PAGE } from '../servers/shapes';

export interface Figures extends Case {
	/** Events per second. */
	rate: number;
	cpuMicros: number;
	peakMb: number;
	settledMb: number;
	startMs: number;
	requests: number;
	/** As few as there can be. */
	leastRequests: number;
	readMb: number;
	sentMb: number;
}

export function figures(one: Case, results: readonly Result[]): Figures {
	const middle = (value: (result: Result) => number) => median(results.map(value));
	return {
		...one,
		rate: middle(({ ms }) => (one.events / ms) * 1000),
		cpuMicros: middle(({ cpuMs }) => (cpuMs / one.events) * 1000),
		peakMb: middle(({ peakMb }) => peakMb),
		settledMb: middle(({ settledMb }) => settledMb),
		startMs: middle(({ startMs }) => startMs),
		requests: middle(({ provider }) => provider.requests),
		leastRequests: Math.ceil(one.events / PAGE),
		readMb: middle(({ provider }) => provider.bytes / 1e6),
		sentMb: middle(({ receiver }) => receiver.bytes / 1e6),
	};
}

export type Kind = Pick<Case, 'compression' | 'answerMs' | 'pageMs'>;

export function ofKind(all: readonly Figures[], { compression, answerMs, pageMs }: Kind): Figures[] {
	return all.filter((one) => one.compression === compression && one.answerMs === answerMs && one.pageMs === pageMs);
}

/** Of the shapes that both subjects were measured with, as if one had been run after the other. */
export function ratio(all: readonly Figures[], upper: Subject, lower: Subject, cost: (one: Figures) => number): number {
	const total = (subject: Subject, other: Subject) =>
		all
			.filter((one) => one.subject === subject)
			.filter(({ shape }) => all.some((one) => one.subject === other && one.shape === shape))
			.reduce((sum, one) => sum + cost(one) * one.events, 0);
	return total(lower, upper) / total(upper, lower);
}

export const seconds = ({ rate }: Figures): number => 1 / rate;
export const cpu = ({ cpuMicros }: Figures): number => cpuMicros;
