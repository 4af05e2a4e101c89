/** What an event says that its name, its severity and its meaning go by. */
import type { JsonObject } from '../../core/contract';
import { INFO, severityNumber, WARN } from '../../core/record/severity';
import { anyOf, textReader } from './condition';
import type { RecordPart } from './form/event';

export interface Facts {
	action?: string;
	/** Of the event, without the label. Default: made of the action. */
	name?: string;
	/** In the words of the provider, where it has any. */
	outcome: string;
	failed: boolean;
	/** Number, before an alert raises it. */
	severity: number;
}

export function factsReader(record: Omit<RecordPart, 'attributes'>): (json: JsonObject) => Facts {
	const action = textReader(record.action);
	const outcome = textReader(record.outcome);
	const failed = anyOf(record.failed);
	/** Where an event that did not fail says nothing itself. */
	const silent = record.failed && record.outcome === undefined ? 'success' : 'unknown';
	const severity = severityReader(record);
	return (json) => {
		const isFailed = failed(json);
		return {
			action: action(json),
			outcome: outcome(json) ?? (isFailed ? 'failure' : silent),
			failed: isFailed,
			severity: severity(json, isFailed),
		};
	};
}

function severityReader({ severity }: Pick<RecordPart, 'severity'>): (json: JsonObject, isFailed: boolean) => number {
	const read = textReader(severity?.at);
	const known = new Map(
		Object.entries(severity?.words ?? {}).map(([word, level]) => [word.toLowerCase(), severityNumber(level)]),
	);
	const least = severity?.failed === undefined ? 0 : severityNumber(severity.failed);
	return (json, isFailed) => {
		const stated = known.get(read(json)?.toLowerCase() ?? '');
		return isFailed ? Math.max(stated ?? WARN, least) : (stated ?? INFO);
	};
}
