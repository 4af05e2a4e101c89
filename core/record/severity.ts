/** Severity numbers of the OpenTelemetry log data model, and how an alert raises them. */
import type { Alert, SeverityText } from '../provider';

export const INFO = 9;
export const INFO2 = 10;
export const WARN = 13;
export const WARN2 = 14;
export const ERROR = 17;
export const ERROR2 = 18;
export const FATAL = 21;

const TEXTS: readonly SeverityText[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Short name of a number from 1 to 24. Never the provider's word: Datadog reads `security` as OK. */
export function severityText(number: number): SeverityText {
	return TEXTS[Math.min(5, Math.max(0, Math.floor((number - 1) / 4)))] ?? 'INFO';
}

/** Number of a short name: INFO is 9, INFO2 is 10. */
export function severityNumber(name: string): number {
	const [, text = 'INFO', more = '1'] = /^([A-Z]+)([234])?$/.exec(name) ?? [];
	return TEXTS.indexOf(text as SeverityText) * 4 + Number(more);
}

/** At least ERROR for an event that pages, at least WARN for one that notifies. */
export function raisedBy(alert: Alert, number: number): number {
	return Math.max(number, alert === 'page' ? ERROR : alert === 'notify' ? WARN : 0);
}
