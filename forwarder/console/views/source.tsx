import type { SourceDetail } from '../api/types';
import { count, duration } from '../format';
import { useLive } from '../hooks';
import { Charts, PAUSES, REQUESTS, type ChartOf } from '../parts/charts';
import { Configuration } from '../parts/configuration';
import { Facts } from '../parts/facts';
import { Problem } from '../parts/problem';
import { ProblemList } from '../parts/problemList';
import { aMinute } from '../parts/requests';
import { Since, State } from '../parts/state';
import { Letters } from './letters/letters';
import { SourceActions } from './source/actions';
import { Gaps } from './source/gaps';
import { NowRead } from './source/nowRead';
import { Recent } from './source/recent';
import { Proof } from './source/proof';

const CHARTS: readonly ChartOf[] = [
	{
		title: 'New events a minute',
		lines: (of) => [{ label: 'events', points: aMinute(of.rate, of) }],
		text: count,
	},
	{ title: 'Lag', lines: ({ lagMs }) => [{ label: 'lag', points: lagMs }], text: duration },
	REQUESTS,
	PAUSES,
];

export function SourceView({ name, mayAct, now }: { name: string; mayAct: boolean; now: number }) {
	const path = `/api/v1/sources/${encodeURIComponent(name)}`;
	const { body, failure } = useLive<SourceDetail>(path);
	if (failure) return <Problem tone="bad" title={name} message={failure.what} fix={failure.fix} />;
	if (!body) return <p class="quiet">Loading…</p>;
	const { row, problems, position, deadLetters, configuration, counts, history, fine } = body;
	return (
		<>
			<h1>
				{name} <small>{row.provider}</small> <State state={row.state} />
			</h1>
			{mayAct && <SourceActions row={row} path={path} />}
			<ProblemList problems={problems} now={now} />
			{row.lastError && problems.length === 0 && (
				<Problem tone="warn" title="The last poll failed" message={row.lastError.what} fix={row.lastError.fix} />
			)}
			<Facts
				of={[
					['In this state since', row.sinceAt !== undefined && <Since at={row.sinceAt} now={now} />],
					['Complete up to', position.watermarkAt !== undefined && <Since at={position.watermarkAt} now={now} />],
					['Lag', row.lagMs !== undefined && duration(row.lagMs)],
					['Last poll', row.lastSuccessAt !== undefined && <Since at={row.lastSuccessAt} now={now} />],
					['Next poll', row.nextPollAt !== undefined && <Since at={row.nextPollAt} now={now} />],
					[
						'Provider asks for a pause until',
						row.pausedUntil !== undefined && <Since at={row.pausedUntil} now={now} />,
					],
					['Worker', row.worker],
					['Shipped', row.shipped !== undefined && count(row.shipped)],
					['Waiting', row.waiting !== undefined && count(row.waiting)],
					['New since the start', count(counts.fresh)],
					['Of them late', counts.late > 0 && count(counts.late)],
					['Dropped by the filter', counts.dropped > 0 && count(counts.dropped)],
				]}
			/>
			<NowRead of={body} path={path} mayAct={mayAct} now={now} />
			<Charts history={history} fine={fine} charts={CHARTS} />
			<Gaps gaps={body.gaps} now={now} />
			<Letters groups={deadLetters} of={{ source: name }} mayAct={mayAct} now={now} />
			<Proof of={body.verdict} now={now} />
			{mayAct && <Recent path={`${path}/recent`} events={row.events} now={now} />}
			<Configuration of={configuration} />
		</>
	);
}
