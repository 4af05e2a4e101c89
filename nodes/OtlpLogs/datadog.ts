/** What Datadog does to logs without saying so. */
import { nanosOf, type Entry } from './encode/model';

const MAX_AGE_HOURS = 18n;
const MAX_AGE = MAX_AGE_HOURS * 3_600_000_000_000n;
const MAX_BYTES = 1_000_000;

/** Why the record would be lost, or cut, although the answer says that it was taken. */
export function dropsSilently({ record, observed }: Entry): string | undefined {
	if (observed - nanosOf(record.time) > MAX_AGE) {
		return `The event is older than ${MAX_AGE_HOURS} hours, and Datadog drops such records without saying so`;
	}
	if (Buffer.byteLength(record.body) > MAX_BYTES) {
		return 'The record is larger than 1 MB, and Datadog cuts such records off without saying so';
	}
	return undefined;
}

/** With RUM forwarding on, a log with `session.id` is diverted to RUM, and never appears as a log. */
export function forDatadog(entry: Entry): Entry {
	const { 'session.id': session, ...attributes } = entry.record.attributes;
	if (session === undefined) return entry;
	return { ...entry, record: { ...entry.record, attributes: { ...attributes, 'audit.session.id': session } } };
}
