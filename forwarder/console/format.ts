/** Figures and times as people read them. */

const UNITS = [
	[31_536_000_000, 'y'],
	[86_400_000, 'd'],
	[3_600_000, 'h'],
	[60_000, 'min'],
] as const;

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** `45 s`, `12 min`, `3 h`, `2 d`, `11 y`. */
export function duration(ms: number): string {
	const [length, name] = UNITS.find(([unit]) => ms >= 2 * unit) ?? [1000, 's'];
	return `${Math.round(ms / length)} ${name}`;
}

/** `12,345`; below ten with what comes after the point: `0.3`. */
export function count(value: number): string {
	return value !== 0 && Math.abs(value) < 10 ? fine.format(value) : grouped.format(value);
}

/** As precise as it matters: by the second while it, or the most beside it, is much, by the minute while it is little. */
export function rate(perMinute: number, most = perMinute): string {
	return most >= 600 ? `${count(perMinute / 60)}/s` : `${count(perMinute)}/min`;
}

/** Whole numbers only when it is over: 99.9 % is not done. */
export function percent(value: number): string {
	return `${(Math.floor(value * 10) / 10).toFixed(1)} %`;
}

export function several(n: number, one: string, more = `${one}s`): string {
	return `${count(n)} ${n === 1 ? one : more}`;
}

/** What is wrong and what to do, which others wrote: one sentence after the other. */
export function sentences(what: string, fix?: string): string {
	const ended = /[.!?…]["')]?$/.test(what) ? what : `${what}.`;
	return fix ? `${ended} ${fix.charAt(0).toUpperCase()}${fix.slice(1)}` : ended;
}

/** `watermark_frozen` → `Watermark frozen`. */
export function words(name: string): string {
	const text = name.replaceAll('_', ' ');
	return text.charAt(0).toUpperCase() + text.slice(1);
}

export const isoOf = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const year = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** In the time zone of whoever looks: of today the time alone, of another year with it. */
export function moment(ms: number, now: number): string {
	const date = new Date(ms);
	const today = new Date(now);
	if (date.toDateString() === today.toDateString()) return clock.format(date);
	const format = date.getFullYear() === today.getFullYear() ? day : year;
	return `${format.format(date)}, ${clock.format(date)}`;
}
