/** What `status` shows of the state: all of it, or what `--source` and `--problems` leave. */
import type { ConfiguredNames } from '../../config/loadPart';
import type { Owner } from '../../store/inspection';
import type { Summary } from '../../store/summary';
import { sourcesOf } from '../../run/paused';
import { matching } from '../chosen';
import { destinationRows, isDown, isProblem, sourceRows, type DestinationRow, type SourceRow } from './condition';
import { NOTHING_TOLD, type FailingNotification, type ToldMistake, type ToldProblems } from './told';

export interface Selection {
	/** Names or patterns; all when there is none. */
	source: readonly string[];
	problems: boolean;
}

export const EVERYTHING: Selection = { source: [], problems: false };

export interface Stored {
	summary: Summary;
	configured: ConfiguredNames;
	/** Absent: this process. */
	owner?: Owner;
	told?: ToldProblems;
}

export interface StatusView extends Pick<Summary, 'past' | 'unseen' | 'paused'> {
	owner?: Owner;
	/** The worst first. */
	sources: SourceRow[];
	destinations: DestinationRow[];
	/** Of which these are a part. */
	outOf: { sources: readonly SourceRow[]; destinations: readonly DestinationRow[] };
	selection: Selection;
	/** Those that reach nobody. */
	notifications: readonly FailingNotification[];
	/** What keeps sources from being read as they are configured. */
	mistakes: readonly ToldMistake[];
	/** What to do about what fails, as far as a process that runs here has said it. */
	fixes: ToldProblems['fixes'];
}

/** @throws UsageError when no source is called so */
export function viewOf({ summary, configured, owner, told = NOTHING_TOLD }: Stored, selection: Selection): StatusView {
	const { source, problems } = selection;
	const all = sourceRows(summary, configured, told.mistakes);
	const names = all.map(({ name }) => name);
	const named = source.length === 0 ? undefined : new Set(matching(source, names));
	const sources = named ? all.filter(({ name }) => named.has(name)) : all;
	// what they count is of all sources
	const destinations = named ? [] : destinationRows(summary, configured);
	const shown = problems ? sources.filter(isProblem) : sources;
	const kept = new Set(shown.map(({ name }) => name));
	const isKept = ({ stream }: { stream: string }) => kept.has(stream);
	return {
		...(owner && { owner }),
		sources: shown,
		destinations: problems ? destinations.filter(isDown) : destinations,
		past: summary.past.filter(isKept),
		unseen: summary.unseen.filter(isKept),
		paused: summary.paused.filter(({ source: name }) => shown.some((row) => sourcesOf(row.name).includes(name))),
		outOf: { sources, destinations },
		selection,
		fixes: told.fixes,
		notifications: named ? [] : told.notifications,
		mistakes: told.mistakes.filter(({ source: name }) =>
			name === undefined ? !named : shown.some((row) => sourcesOf(row.name).includes(name)),
		),
	};
}
