/** Instants as whole microseconds since 1970: the finest precision a provider documents, and exact in a double until 2255. */
export type Micros = number;

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

/** RFC 3339 date-time with 0 to 9 fraction digits (beyond six they are cut); undefined when malformed. */
export function parseMicros(text: string): Micros | undefined {
	const found = iso.exec(text);
	if (!found) return undefined;
	const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = found;
	const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	// Date.UTC rolls 31 February over into March; a provider would call it malformed
	if (new Date(ms).toISOString().slice(0, 19) !== text.slice(0, 19).toUpperCase()) return undefined;
	const shift = /^z$/i.test(zone) ? 0 : (zone[0] === '-' ? -1 : 1) * minutesOf(zone.slice(1));
	return (ms - shift * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** UTC with `Z`; a zero fraction is dropped, as Python-style serialisation does. */
export function formatMicros(micros: Micros): string {
	const fraction = ((micros % 1_000_000) + 1_000_000) % 1_000_000;
	const seconds = new Date((micros - fraction) / 1000).toISOString().slice(0, 19);
	return fraction === 0 ? `${seconds}Z` : `${seconds}.${String(fraction).padStart(6, '0')}Z`;
}

function minutesOf(zone: string): number {
	return Number(zone.slice(0, 2)) * 60 + Number(zone.slice(3, 5));
}

const dayMicros = 86_400_000_000;

/** What a provider may make of the bounds that it is asked for. */
export const timeFilters: Record<'exact' | 'day' | 'ignored', Record<'from' | 'to', (bound: Micros) => Micros>> = {
	exact: { from: (bound) => bound, to: (bound) => bound },
	day: {
		from: (bound) => Math.floor(bound / dayMicros) * dayMicros,
		to: (bound) => (Math.floor(bound / dayMicros) + 1) * dayMicros - 1,
	},
	ignored: { from: () => Number.NEGATIVE_INFINITY, to: () => Number.POSITIVE_INFINITY },
};
