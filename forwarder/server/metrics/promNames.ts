/** What Prometheus calls a metric: with its unit, as it expects. `_total` of counters and `_` for `.` come with the text. */
const SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' };

/** Names that had their unit before. */
const HAD_UNITS = new Set([
	'audit_relay.worker.beat_age',
	'audit_relay.state.roundtrip',
	'audit_relay.source.rate_limited',
]);

/** With `former`, also the name that version 0.1 gave it, where it is another one. */
export function namesOf(name: string, unit: string, former = false): string[] {
	const suffix = SUFFIXES[unit] ?? '';
	const isNew = suffix === '' || HAD_UNITS.has(name) || !name.startsWith('audit_relay.');
	return former && !isNew ? [name + suffix, name] : [name + suffix];
}
