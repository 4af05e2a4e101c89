/** The form of what is data of a provider that needs code as well. Those are built in: a file of one's own is whole. */
import { mapOf, object, optional, text, type Value } from '../schema';
import { KEYS } from './declaration';
import { RecordPart } from './event';
import { PATH, SIZES } from './request';

const { name, title, label, baseUrl, settings, auth, event, limits, lateness, reconcile, retention, unknown } = KEYS;

export const Part = object({
	...{ name, title, label, baseUrl, settings, auth, event, limits, lateness, reconcile, retention, unknown },
	code: mapOf(text(), 'What is code, and why data cannot say it'),
	request: object({ path: PATH }),
	page: object(SIZES),
	record: optional(RecordPart),
});

export type Part = Value<typeof Part>;
