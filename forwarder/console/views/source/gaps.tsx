import type { GapInfo } from '../../api/types';
import { words } from '../../format';
import { Section } from '../../parts/section';
import { Since } from '../../parts/state';
import { Table, type Column } from '../../parts/table';

export function Gaps({ gaps, now }: { gaps: readonly GapInfo[]; now: number }) {
	if (gaps.length === 0) return null;
	return (
		<Section title="Gaps: what was not, or may not have been, collected">
			<Table caption="Gaps" columns={columnsAt(now)} rows={gaps} keyOf={({ id }) => id} />
		</Section>
	);
}

const columnsAt = (now: number): Column<GapInfo>[] => [
	{ title: 'Why', cell: ({ reason }) => words(reason) },
	{ title: 'From', cell: ({ fromAt }) => (fromAt === undefined ? 'the beginning' : <Since at={fromAt} now={now} />) },
	{ title: 'To', cell: ({ toAt }) => (toAt === undefined ? '–' : <Since at={toAt} now={now} />) },
	{ title: 'Noticed', cell: ({ at }) => <Since at={at} now={now} /> },
	{ title: 'Detail', cell: ({ detail }) => detail },
	{
		title: 'Acknowledged',
		cell: ({ acknowledgedAt, acknowledgedBy, reason }) =>
			acknowledgedAt === undefined ? (
				reason === 'collection_start' ? (
					'not needed'
				) : (
					<span class="warn">no</span>
				)
			) : (
				<>
					<Since at={acknowledgedAt} now={now} /> {acknowledgedBy && `by ${acknowledgedBy}`}
				</>
			),
	},
];
