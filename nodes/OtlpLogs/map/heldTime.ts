/** Times that the wire cannot hold: OTLP counts nanoseconds from 1970 on, in 64 bits without a sign. */
import { formatInstant, hrTime } from '../../shared/core';
import { nanosOf, type Entry } from '../encode/model';

const AFTER_LAST = 2n ** 64n;

/** As in the forwarder: the time of receipt stands for one that cannot be held (1969 would come out as 2554), which is an attribute then. */
export function withHeldTime(entry: Entry): Entry {
	const { record, observed } = entry;
	const time = nanosOf(record.time);
	if (time >= 0n && time < AFTER_LAST) return entry;
	const attributes = { ...record.attributes, 'audit.event.time': formatInstant(time) };
	return { ...entry, record: { ...record, time: hrTime(observed), attributes } };
}
