/** One dead letter, readable and safe on a terminal. */
import { formatInstant } from '../../../core/time';
import type { LetterEntry, Letter, LetterHead } from '../../store/deadLetters';
import { plain, shortened, type Ui } from '../ui';

export function letterRow(
	{ id, at, stream, destination, eventId, reason, detail, records }: LetterEntry,
	ui: Ui,
): string[] {
	return [
		String(id),
		formatInstant(at, 0),
		plain(stream),
		plain(destination ?? '-'),
		records > 1 ? `${records} records` : plain(eventId),
		ui.paint('yellow', plain(reason)),
		shortened(plain(detail)),
	];
}

/** `together`: the letters of the same entry, this one included. */
export function letterPage({ raw, ...letter }: Letter, together: readonly LetterHead[], ui: Ui): string {
	const facts = [
		['id', String(letter.id)],
		['when', formatInstant(letter.at)],
		['source', letter.stream],
		['destination', letter.destination ?? '- (never became an event)'],
		['event id', letter.eventId],
		['event time', letter.time === undefined ? '-' : formatInstant(letter.time, 9)],
		['received', formatInstant(letter.observed)],
		['reason', letter.reason],
		['detail', letter.detail],
	].map(([name, value]) => [ui.paint('dim', name!), plain(value!)]);
	const pretty = indented(raw);
	const parts = [ui.table(facts)];
	if (together.length > 1) {
		const others = together.map(({ id, eventId }) => [String(id), plain(eventId)]);
		parts.push(`${ui.paint('bold', `In doubt together: ${together.length} records`)}\n${ui.table(others)}`);
	}
	if (pretty !== undefined) parts.push(`${ui.paint('bold', 'Readable')}\n${safeLines(pretty)}\n`);
	parts.push(`${ui.paint('bold', 'As received')}\n${safeLines(raw)}\n`);
	return parts.join('\n');
}

/** Numbers keep all their digits. Undefined when the text is not JSON. */
function indented(raw: string): string | undefined {
	try {
		const exact = (_key: string, value: unknown, { source }: { source?: string }) =>
			typeof value === 'number' && source !== undefined ? rawJson(source) : value;
		return JSON.stringify(parseWithSource(raw, exact), null, 2);
	} catch {
		return undefined;
	}
}

/** In every Node that we run on, and not in the library types yet. */
const { rawJSON: rawJson, parse: parseWithSource } = JSON as unknown as {
	rawJSON(text: string): unknown;
	parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

const safeLines = (text: string) => text.split('\n').map(plain).join('\n');
