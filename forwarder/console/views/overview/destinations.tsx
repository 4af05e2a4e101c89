import type { DestinationRow } from '../../api/types';
import { count, duration, rate } from '../../format';
import { Section } from '../../parts/section';
import { Spark } from '../../parts/spark';
import { Ago, State } from '../../parts/state';
import { Table, type Column } from '../../parts/table';
import { destinationHash } from '../../route';

export function Destinations({ rows, now }: { rows: readonly DestinationRow[]; now: number }) {
	return (
		<Section title="Destinations">
			<Table caption="Destinations" columns={columnsAt(now)} rows={rows} keyOf={({ name }) => name} />
		</Section>
	);
}

const columnsAt = (now: number): Column<DestinationRow>[] => [
	{ title: 'Destination', cell: ({ name }) => <a href={destinationHash(name)}>{name}</a> },
	{
		title: 'State',
		cell: ({ state, sinceAt, nextProbeAt }) => (
			<>
				<State state={state} />{' '}
				<small>
					<Ago at={sinceAt} now={now} before="since " />
					{nextProbeAt !== undefined && <Ago at={nextProbeAt} now={now} before=" · next probe " />}
				</small>
			</>
		),
	},
	{
		title: 'Rate',
		cell: ({ name, recordsPerMinute, spark }) => (
			<span class="sparked">
				{rate(recordsPerMinute)} <Spark spark={spark} of="rate" label={`${name}: rate over the last hour`} />
			</span>
		),
	},
	{ title: 'Shipped', isNumber: true, cell: ({ shipped }) => count(shipped) },
	{ title: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
	{
		title: 'Oldest waits',
		isNumber: true,
		cell: ({ waiting, oldestWaitingMs }) => (waiting > 0 ? duration(oldestWaitingMs) : '–'),
	},
	{ title: 'In flight', isNumber: true, cell: ({ inFlight }) => count(inFlight) },
	{
		title: 'Dead letters',
		isNumber: true,
		cell: ({ deadLetters }) => <span class={deadLetters > 0 ? 'warn' : undefined}>{count(deadLetters)}</span>,
	},
	{
		title: 'Last error',
		cell: ({ lastError, state }) =>
			lastError ? (
				<span class={state === 'ok' ? 'quiet' : undefined}>
					{lastError.what}{' '}
					<small>
						<Ago at={lastError.at} now={now} />
						{lastError.fix !== undefined && ` · ${lastError.fix}`}
					</small>
				</span>
			) : (
				'–'
			),
	},
];
