import { act, outcomeOf } from '../api/act';
import type { Overview } from '../api/types';
import { count, duration, several } from '../format';
import { tell } from '../parts/notice';
import type { SourceQuery } from '../route';
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

function Totals({ of: { totals, process } }: { of: Overview }) {
	const { eventsPerSecond, lagMs, waiting, problems, deadLetters, sources, destinations } = totals;
	const figures = [
		['events/s', count(eventsPerSecond), ''],
		['lag', lagMs === undefined ? '–' : duration(lagMs), ''],
		['waiting', count(waiting), ''],
		['dead letters', count(deadLetters), deadLetters > 0 ? 'warn' : ''],
		['problems', count(problems), problems > 0 ? 'bad' : 'ok'],
	] as const;
	const { worker } = process;
	return (
		<div class="totals">
			<dl>
				{figures.map(([name, value, tone]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd class={tone}>{value}</dd>
					</div>
				))}
			</dl>
			<p class="quiet">
				{several(sources, 'source')} → {several(destinations, 'destination')} · running for{' '}
				{duration(process.at - process.startedAt)}
				{worker && ` · worker ${worker.id}, with ${worker.held} of ${several(worker.shards, 'shard')}`}
				{process.isStopping && ' · told to stop'}
			</p>
			{process.authority === 'full' && <button onClick={() => void reload()}>Reload the configuration</button>}
		</div>
	);
}
