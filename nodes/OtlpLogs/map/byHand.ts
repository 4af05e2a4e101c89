/** A log record from the node's own parameters. */
import type { AuditRecord } from '../../../core/provider';
import { hrTime, InvalidInput, instant, severityText } from '../../shared/core';
import type { Attributes } from '../encode/model';

export interface ByHand {
	time: unknown;
	severity: unknown;
	eventName: string;
	body: unknown;
	attributes: unknown;
	timezone: string;
	/** Nanoseconds since the epoch. */
	now: bigint;
}

export function recordByHand({ time, severity, eventName, body, attributes, timezone, now }: ByHand): AuditRecord {
	const severityNumber = Number(severity);
	if (!Number.isInteger(severityNumber) || severityNumber < 1 || severityNumber > 24) {
		throw new InvalidInput('Severity is not an OpenTelemetry severity', 'It must be a whole number from 1 to 24.');
	}
	const words = typeof body === 'string' ? body : JSON.stringify(body ?? '');
	// some receivers drop records without a body
	if (words === '' || words === '""') throw new InvalidInput('The body is empty', 'Say what happened.');
	return {
		time: hrTime(instant('Time', time, timezone) ?? now),
		eventName,
		severityNumber,
		severityText: severityText(severityNumber),
		attributes: attributesOf(attributes),
		body: words,
	};
}

/** Scalars and lists of text stay what they are, everything else becomes JSON text; absent values are left out. */
export function attributesOf(given: unknown): Attributes {
	const source = typeof given === 'string' ? parsed(given) : (given ?? {});
	const out: Attributes = {};
	for (const [name, value] of Object.entries(source)) {
		if (name === '' || value === null || value === undefined || value === '') continue;
		const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
		const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
		out[name] = isList || scalar ? (value as Attributes[string]) : JSON.stringify(value);
	}
	return out;
}

function parsed(words: string): object {
	if (words.trim() === '') return {};
	let json: unknown;
	try {
		json = JSON.parse(words);
	} catch {
		json = undefined;
	}
	if (json === null || json !== Object(json) || Array.isArray(json)) {
		throw new InvalidInput('The attributes are not a JSON object', 'They must look like {"user.id": "42"}.');
	}
	return json as object;
}
