/** One record in one line. */
import type { RecordInfo } from '../../server/api/types';
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
