/** Elements of a list that are not events: not shipped, but still entries of the provider's log. */
import type { InvalidEvent, JsonObject, Nanos } from '../../core/contract';
import { isPlain } from '../../core/record/event';
import type { Slice } from './rewalk';

export interface ListedEntry {
	id: string;
	time: Nanos;
	json: JsonObject;
	/** Where in time it belongs is not known. */
	isTimeless?: boolean;
}

/** Those of each slice, each once: one without a time is listed with every slice. */
export function otherElements(): (slice: Slice) => ListedEntry[] {
	const known = new Set<string>();
	return ({ from, invalid }) =>
		invalid
			.filter(({ id }) => !known.has(id) && known.add(id))
			.map(({ id, raw, time }) => ({
				id,
				json: jsonOf(raw),
				time: time ?? from,
				...(time === undefined && { isTimeless: true }),
			}));
}

/** What is known of it; nothing when it is not JSON. */
export function jsonOf(raw: InvalidEvent['raw']): JsonObject {
	try {
		const json: unknown = JSON.parse(raw);
		return isPlain(json) ? json : {};
	} catch {
		return {};
	}
}
