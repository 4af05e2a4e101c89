/** The result for people, and the same as one line of JSON. */
import type { Tally } from '../trial/dice';
import type { Leak } from './canaries';
import type { TrialOptions } from './options';
import type { History } from './trial';
import type { Verdict } from '../trial/verdict';

export interface Result {
	options: TrialOptions;
	history: History;
	verdict: Verdict;
	/** Extra copies by the life whose end explains them. */
	perKill: number[];
	leaks: Leak[];
	/** By side. */
	faults: Record<string, Tally>;
	letters: ReadonlyMap<string, string>;
	disk: string | undefined;
	seconds: number;
}

export function isGood({ verdict, leaks, history }: Result): boolean {
	const { lost, invented, altered, unexplained } = verdict;
	return [lost, invented, altered, unexplained, leaks, history.troubles].every((list) => list.length === 0);
}

export function table(result: Result): string {
	const { verdict, perKill, history, leaks, letters, disk } = result;
	const lines: [string, string][] = [
		['seed', String(result.options.seed)],
		['kills', `${history.lives.length}, in ${history.starts} starts and ${result.seconds.toFixed(0)} s`],
		['killed', counted(history.lives.map(({ kind }) => kind))],
		...Object.entries(result.faults).map(([side, tally]): [string, string] => [
			`faults, ${side}`,
			`${tally.total}: ${tally
				.entries()
				.map(([kind, count]) => `${kind} ${count}`)
				.join(', ')}`,
		]),
		['disk', disk ?? 'no tmpfs and no file size limit allowed here: full disk SKIPPED'],
		['events', `${verdict.events}: ${verdict.arrived} arrived, ${verdict.deadLettered} only as dead letters`],
		['dead letters', `${letters.size}: ${counted([...letters.values()])}`],
		['extra copies', `${verdict.extraCopies}: ${listed(verdict.explained)}`],
		['duplicates per kill', `${perKill.join(' ')} (${sum(perKill)} in all, at most ${Math.max(0, ...perKill)})`],
		['unexplained copies', some(verdict.unexplained)],
		['invented, altered', `${some(verdict.invented)}, ${some(verdict.altered)}`],
		[
			'keys found',
			leaks.length === 0
				? '0'
				: leaks.map(({ canary, where, context }) => `\n  ${canary} in ${where}: ${context}`).join(''),
		],
		['troubles', some(history.troubles, '\n  ')],
		['LOST', some(verdict.lost)],
	];
	const width = Math.max(...lines.map(([name]) => name.length));
	return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

export function jsonLine(result: Result): string {
	const { verdict, history, faults, options } = result;
	return JSON.stringify({
		good: isGood(result),
		seed: options.seed,
		kills: history.lives.length,
		starts: history.starts,
		seconds: Math.round(result.seconds),
		faults: Object.fromEntries(
			Object.entries(faults).map(([side, tally]) => [side, Object.fromEntries(tally.entries())]),
		),
		fullDisk: result.disk ?? 'skipped',
		events: verdict.events,
		arrived: verdict.arrived,
		deadLettered: verdict.deadLettered,
		lost: verdict.lost.length,
		extraCopies: verdict.extraCopies,
		explained: verdict.explained,
		unexplained: verdict.unexplained.length,
		duplicatesPerKill: result.perKill,
		keysFound: result.leaks.length,
		troubles: history.troubles.length,
	});
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const listed = (counts: Record<string, number>) =>
	Object.entries(counts)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, count]) => `${name} ${count}`)
		.join(', ') || 'none';

function counted(names: readonly string[]): string {
	const counts: Record<string, number> = {};
	for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
	return listed(counts);
}

function some(list: readonly string[], before = ' '): string {
	return [String(list.length), ...list.slice(0, 10)].join(before);
}
