import type { DestinationDetail } from '../api/types';
import { count, duration, sentences, words } from '../format';
import { useLive } from '../hooks';
import { Charts, PAUSES, REQUESTS, type ChartOf } from '../parts/charts';
import { Configuration } from '../parts/configuration';
import { Facts } from '../parts/facts';
import { Problem } from '../parts/problem';
import { ProblemList } from '../parts/problemList';
import { aMinute } from '../parts/requests';
import { Section } from '../parts/section';
import { Since, State } from '../parts/state';
import { Table } from '../parts/table';
import { DestinationActions } from './destination/actions';
import { Letters } from './letters/letters';

const CHARTS: readonly ChartOf[] = [
	{
		title: 'Records accepted a minute',
		lines: (of) => [{ label: 'records', points: aMinute(of.rate, of) }],
		text: count,
	},
	{ title: 'How long they had waited', lines: ({ lagMs }) => [{ label: 'waited', points: lagMs }], text: duration },
	{
		title: 'Records in flight, at most',
		lines: ({ inFlight = [] }) => [{ label: 'records', points: inFlight }],
		text: count,
	},
	REQUESTS,
	PAUSES,
];

export function DestinationView({ name, mayAct, now }: { name: string; mayAct: boolean; now: number }) {
	const path = `/api/v1/destinations/${encodeURIComponent(name)}`;
	const { body, failure } = useLive<DestinationDetail>(path);
	if (failure) return <Problem tone="bad" title={name} message={failure.what} fix={failure.fix} />;
	if (!body) return <p class="quiet">Loading…</p>;
	const { row, problems, answers, stops, deadLetters, configuration, history, fine } = body;
	return (
		<>
			<h1>
				{name} <State state={row.state} />
			</h1>
			{mayAct && <DestinationActions row={row} path={path} />}
			<ProblemList problems={problems} now={now} />
			<Facts
				of={[
					['In this state since', <Since key="since" at={row.sinceAt} now={now} />],
					['Next probe', row.nextProbeAt !== undefined && <Since at={row.nextProbeAt} now={now} />],
					['Shipped', count(row.shipped)],
					['Waiting', count(row.waiting)],
					['Oldest waits for', row.waiting > 0 && duration(row.oldestWaitingMs)],
					['In flight', count(row.inFlight)],
					['Failures in a row', row.consecutiveFailures > 0 && count(row.consecutiveFailures)],
					[
						row.state === 'ok' ? 'Last error, which is over' : 'Last error',
						// a problem says it, and what to do
						problems.length === 0 && row.lastError && (
							<>
								{sentences(row.lastError.what, row.lastError.fix)} <Since at={row.lastError.at} now={now} />
							</>
						),
						true,
					],
				]}
			/>
			<Charts history={history} fine={fine} charts={CHARTS} />
			<Stops of={stops} now={now} />
			<Answers of={answers} />
			<Letters groups={deadLetters} of={{ destination: name }} mayAct={mayAct} now={now} />
			<Configuration of={configuration} />
		</>
	);
}

function Stops({ of, now }: { of: DestinationDetail['stops']; now: number }) {
	if (of.length === 0) return null;
	return (
		<Section title="When it took nothing">
			<Table
				caption="Halts and outages"
				columns={[
					{ title: 'What', cell: ({ kind }) => words(kind) },
					{ title: 'Since', cell: ({ at }) => <Since at={at} now={now} /> },
					{ title: 'For', cell: ({ at, until }) => duration((until ?? now) - at) },
					{ title: 'Why', cell: ({ message }) => message },
				]}
				rows={of}
				keyOf={({ kind, at }) => `${kind} ${at}`}
			/>
		</Section>
	);
}

function Answers({ of }: { of: Record<string, number> }) {
	const rows = Object.entries(of).sort(([, a], [, b]) => b - a);
	if (rows.length === 0) return null;
	return (
		<Section title="Answers since the start">
			<Table
				caption="Answers by status"
				columns={[
					{ title: 'Status', cell: ([status]) => (status === 'none' ? 'no answer' : status) },
					{ title: 'Requests', isNumber: true, cell: ([, requests]) => count(requests) },
				]}
				rows={rows}
				keyOf={([status]) => status}
			/>
		</Section>
	);
}
