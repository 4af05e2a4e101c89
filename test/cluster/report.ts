/** The result for people, and the same as JSON. */
import type { Played } from './directed/scenario';
import type { Weathered } from './random';
import type { Speed } from './speed';

export interface Result {
	seed: number;
	directed: readonly Played[];
	random: Weathered | undefined;
	speed: Speed | undefined;
}

export const playedLine = ({ name, seconds, events, copies, fact, wrong }: Played): string =>
	`${wrong.length === 0 ? 'good ' : 'WRONG'}  ${name}: ${fact || '-'} (${events} events, ${copies} extra copies, ${seconds} s)${wrong.map((what) => `\n       ${what}`).join('')}`;

/** A ratio of a run that shares its machine is not a fault of the command. */
const LEAST_RATIO = 1.8;
const MOST_CPU = 1.1;

/** What else the machine does must not decide whether a trial is good: the lines have what was measured beside the aims. */
export const SLACK = 1.5;

export function wrongIn({ directed, random, speed }: Result): string[] {
	return [
		...directed.flatMap(({ name, wrong }) => wrong.map((what) => `${name}: ${what}`)),
		...(random?.outcome.wrong.map((what) => `at random: ${what}`) ?? []),
		...(speed && speed.ratio < LEAST_RATIO / SLACK
			? [`two workers ship ${speed.ratio.toFixed(2)} times what one does`]
			: []),
		...(speed && speed.cpuRatio > MOST_CPU * SLACK
			? [`two workers need ${speed.cpuRatio.toFixed(2)} times the processor time for an event`]
			: []),
	];
}

export function table({ directed, random, speed }: Result): string {
	const lines: [string, string][] = [
		['directed faults', `${directed.length}, ${directed.filter(({ wrong }) => wrong.length > 0).length} of them wrong`],
	];
	if (random) {
		const { outcome, faults, providers, receiver, takeovers, seconds, streams } = random;
		const { verdict } = outcome;
		lines.push(
			['at random', `${seconds.toFixed(0)} s, ${streams} streams, ${takeovers} leases taken`],
			['faults', listed(faults.entries())],
			['faults, providers', listed(providers.entries())],
			['faults, receiver', listed(receiver.entries())],
			['events', `${verdict.events}: ${verdict.arrived} arrived, ${verdict.deadLettered} only as dead letters`],
			['extra copies', `${verdict.extraCopies}: ${listed(Object.entries(verdict.explained))}`],
			['without a fault', String(verdict.unexplained.length)],
			['LOST', String(verdict.lost.length)],
		);
	}
	if (speed) {
		lines.push(
			[
				'2 workers / 1',
				`${speed.ratio.toFixed(2)} times the events, where latency is the limit (at least ${LEAST_RATIO})`,
			],
			['processor time', `${speed.cpuRatio.toFixed(2)} times as much for an event (at most ${MOST_CPU})`],
		);
	}
	const width = Math.max(...lines.map(([name]) => name.length));
	return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

export function json(result: Result): string {
	const { seed, directed, random, speed } = result;
	const told = random && {
		...{ seconds: Math.round(random.seconds), streams: random.streams, leasesTaken: random.takeovers },
		faults: Object.fromEntries(random.faults.entries()),
		providers: Object.fromEntries(random.providers.entries()),
		receiver: Object.fromEntries(random.receiver.entries()),
		events: random.outcome.verdict.events,
		deadLettered: random.outcome.verdict.deadLettered,
		lost: random.outcome.verdict.lost.length,
		extraCopies: random.outcome.verdict.extraCopies,
		explained: random.outcome.verdict.explained,
		unexplained: random.outcome.verdict.unexplained.length,
	};
	const wrong = wrongIn(result);
	return JSON.stringify({ good: wrong.length === 0, seed, directed, random: told, speed, wrong }, undefined, '\t');
}

const listed = (counts: readonly [string, number][]) =>
	counts.map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
