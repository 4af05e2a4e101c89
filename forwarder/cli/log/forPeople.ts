/** A line of the log on a terminal. */
import { plain, type Style, type Ui } from '../ui';
import { fieldsOf, type Described, type Entry } from './entry';

const STYLES: Record<string, Style> = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red', fatal: 'red' };

export function forPeople(entry: Entry, paint: Ui['paint']): string {
	const { level, time, msg } = entry;
	const fields = Object.entries(fieldsOf(entry)).map(([key, value]) => {
		const text = key === 'err' ? (value as Described).message : value;
		return `${paint('dim', `${key}=`)}${plain(typeof text === 'string' ? text : JSON.stringify(text))}`;
	});
	const head = `${paint('dim', time.slice(11, 19))} ${paint(STYLES[level] ?? 'cyan', level.toUpperCase().padEnd(5))}`;
	return `${[head, plain(msg), ...fields].join(' ')}\n`;
}
