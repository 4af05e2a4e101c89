import { count, several, words } from '../../format';
import { Section } from '../../parts/section';
import { Table } from '../../parts/table';
import { LetterList } from './list';

export interface LetterGroup {
	reason: string;
	destination?: string;
	count: number;
}

export interface LettersOf {
	source?: string;
	destination?: string;
}

interface Given {
	groups: readonly LetterGroup[];
	/** Whose page it is on. */
	of: LettersOf;
	mayAct: boolean;
	now: number;
}

/** What a destination did not take: why and how many, and for whoever may see it, what. */
export function Letters({ groups, of, mayAct, now }: Given) {
	const total = groups.reduce((sum, { count: n }) => sum + n, 0);
	if (total === 0) return null;
	return (
		<Section title={`Dead letters (${count(total)})`}>
			<Table
				caption="Dead letters by reason"
				columns={[
					{ title: 'Why', cell: ({ reason }) => words(reason) },
					...(of.source !== undefined
						? [{ title: 'Destination', cell: ({ destination }: LetterGroup) => destination }]
						: []),
					{ title: 'How many', isNumber: true, cell: ({ count: n }) => count(n) },
				]}
				rows={groups}
				keyOf={({ reason, destination }) => `${reason} ${destination ?? ''}`}
			/>
			{mayAct ? (
				<LetterList of={of} total={total} now={now} />
			) : (
				<p class="quiet">
					What {several(total, 'letter says', 'letters say')}: with a login (server.auth), or{' '}
					<code>audit-relay dead-letters list</code>.
				</p>
			)}
		</Section>
	);
}
