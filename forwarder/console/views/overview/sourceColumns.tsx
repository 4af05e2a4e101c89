import type { ComponentChildren } from 'preact';
import type { SourceRow, SourceSort } from '../../api/types';
import { count, duration, rate } from '../../format';
import { Spark } from '../../parts/spark';
import { Ago, State } from '../../parts/state';
import { sourceHash } from '../../route';

interface SourceColumn {
	title: string;
	sort?: SourceSort;
	isNumber?: boolean;
	cell: (row: SourceRow, now: number) => ComponentChildren;
}

export const COLUMNS: readonly SourceColumn[] = [
	{
		title: 'Source',
		sort: 'name',
		cell: ({ name, provider, worker }) => (
			<>
				<a href={sourceHash(name)}>{name}</a>
				<small>{worker ? `${provider} · ${worker}` : provider}</small>
			</>
		),
	},
	{
		title: 'State',
		sort: 'state',
		cell: ({ state, sinceAt }, now) => (
			<>
				<State state={state} />
				<small>{sinceAt !== undefined && <Ago at={sinceAt} now={now} before="since " />}</small>
			</>
		),
	},
	{
		title: 'What is wrong',
		cell: ({ lastError }) =>
			lastError && (
				<>
					<span title={lastError.what}>{lastError.what}</span>
					<small title={lastError.fix}>{lastError.fix}</small>
				</>
			),
	},
	{
		title: 'Rate',
		sort: 'rate',
		isNumber: true,
		cell: ({ name, eventsPerMinute, spark }) => (
			<>
				{rate(eventsPerMinute)}
				<Spark spark={spark} of="rate" label={`${name}: rate over the last hour`} />
			</>
		),
	},
	{
		title: 'Lag',
		sort: 'lag',
		isNumber: true,
		cell: ({ name, lagMs, spark }) => (
			<>
				{lagMs === undefined ? '–' : duration(lagMs)}
				<Spark spark={spark} of="lagMs" label={`${name}: lag over the last hour`} />
			</>
		),
	},
	{ title: 'Waiting', sort: 'waiting', isNumber: true, cell: ({ waiting }) => known(waiting) },
	{ title: 'Dead letters', sort: 'deadLetters', isNumber: true, cell: ({ deadLetters }) => alarming(deadLetters) },
	{ title: 'Gaps', sort: 'gaps', isNumber: true, cell: ({ gaps }) => alarming(gaps) },
	{
		title: 'Next poll',
		cell: ({ pausedUntil, nextPollAt, state }, now) => {
			if (state === 'paused') return 'paused';
			if (pausedUntil !== undefined && pausedUntil > now)
				return <Ago at={pausedUntil} now={now} before="pause ends " />;
			return nextPollAt === undefined ? '–' : nextPollAt <= now ? 'now' : <Ago at={nextPollAt} now={now} />;
		},
	},
];

const alarming = (n: number | undefined) => <span class={n ? 'warn' : undefined}>{known(n)}</span>;

const known = (n: number | undefined) => (n === undefined ? '–' : count(n));
