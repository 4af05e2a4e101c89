/** One record in one line. */
import type { RecordInfo, SourceDetail, WorkerInfo } from '../../server/api/types';
import { actorIn, styleOf, targetIn } from '../record';
import { cut } from '../table';
import { plain, type Ui } from '../ui';

/** Shorter names are filled up, so that columns stay where they are. */
const NAME = 8;

/** The day is told of events that did not happen on the day they are stored: of those that a source catches up with. */
export function recordLine({ time, at, source, severity, event, attributes }: RecordInfo, ui: Ui): string {
	const [actor, target] = [actorIn(attributes), targetIn(attributes)];
	const isToday = time.slice(0, 10) === new Date(at).toISOString().slice(0, 10);
	const line = [
		ui.paint('dim', isToday ? time.slice(11, 19) : `${time.slice(0, 19)}Z`),
		plain(source).padEnd(NAME),
		ui.paint(styleOf(severity), plain(severity).padEnd(5)),
		ui.paint('bold', plain(event)),
		...(actor === undefined ? [] : [plain(actor)]),
		...(target === undefined ? [] : [`→ ${plain(target)}`]),
	].join('  ');
	return `${cut(line, ui.columns)}\n`;
}

/** What does not pass through the worker that is asked. @param chosen sources that are named */
export function unseenBy(worker: WorkerInfo | undefined, chosen: readonly Pick<SourceDetail, 'row'>[]): string[] {
	if (!worker) return [];
	const { id, held, shards } = worker;
	const elsewhere = chosen.flatMap(({ row: { name, worker: other } }) =>
		other === undefined ? [] : [`${plain(name)} is read by ${plain(other)}: its records are seen there, not here`],
	);
	if (elsewhere.length > 0 || held === shards) return elsewhere;
	return [`worker ${plain(id)} has ${held} of ${shards} shards: the sources of the others are not seen here`];
}
