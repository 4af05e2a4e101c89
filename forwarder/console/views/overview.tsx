import { act, outcomeOf } from '../api/act';
import type { Overview } from '../api/types';
import { count, duration, several } from '../format';
import { tell } from '../parts/notice';
import { Spark } from '../parts/spark';
import { sourceHash, type SourceQuery } from '../route';
import { Destinations } from './overview/destinations';
import { Problems } from './overview/problems';
import { Sources } from './overview/sources';

export function OverviewView({ overview, query }: { overview: Overview; query: SourceQuery }) {
	const { problems, destinations, totals, process } = overview;
	return (
		<>
			<h1 class="unseen">Overview</h1>
			<Totals of={overview} />
			<Problems problems={problems} total={totals.problems} now={process.at} />
			<Destinations rows={destinations} now={process.at} />
			<Sources query={query} total={totals.sources} now={process.at} />
		</>
	);
}

async function reload(): Promise<void> {
	const acted = await act('POST', '/api/v1/reload');
	const changes = acted.ok && Array.isArray(acted.answer['changes']) ? acted.answer['changes'] : [];
	tell(outcomeOf(acted, changes.length > 0 ? `Reloaded: ${changes.join('; ')}` : 'Reloaded: nothing has changed.'));
}

/** What is behind by less is at rest, whichever it is. */
const FURTHEST_MS = 5 * 60_000;
/** Known steps, until the last ten minutes are worth more than the hour. */
const ENOUGH = 12;

function Totals({ of: { totals, process, history, fine } }: { of: Overview }) {
	const isFine = fine !== undefined && fine.rate.filter((value) => value !== null).length > ENOUGH;
	const spark = (of: 'rate' | 'lagMs', what: string) => (
		<Spark spark={isFine ? fine : history} of={of} label={`${what} over the last ${isFine ? '10 minutes' : 'hour'}`} />
	);
	const { eventsPerSecond, lagMs, furthest, waiting, problems, deadLetters, sources, destinations } = totals;
	const figures = [
		['events/s', count(eventsPerSecond), '', spark('rate', 'All sources: new events')],
		['lag', lagMs === undefined ? '–' : duration(lagMs), '', spark('lagMs', 'All sources: lag')],
		['waiting', count(waiting), '', null],
		['dead letters', count(deadLetters), deadLetters > 0 ? 'warn' : '', null],
		['problems', count(problems), problems > 0 ? 'bad' : 'ok', null],
	] as const;
	const { worker } = process;
	return (
		<div class="totals">
			<dl>
				{figures.map(([name, value, tone, points]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd class={tone}>
							{value} {points}
						</dd>
					</div>
				))}
			</dl>
			<p class="quiet">
				{several(sources, 'source')} → {several(destinations, 'destination')} · running for{' '}
				{duration(process.at - process.startedAt)}
				{furthest !== undefined && lagMs! > FURTHEST_MS && (
					<>
						{' '}
						· furthest behind: <a href={sourceHash(furthest)}>{furthest}</a>
					</>
				)}
				{worker && ` · worker ${worker.id}, with ${worker.held} of ${several(worker.shards, 'shard')}`}
				{process.isStopping && ' · told to stop'}
			</p>
			{process.authority === 'full' && <button onClick={() => void reload()}>Reload the configuration</button>}
		</div>
	);
}
