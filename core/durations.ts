/** Durations as people write them: `500ms`, `60s`, `10m`, `18h`, `7d`, `2w`. */

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Also the pattern in the published schema. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** Milliseconds, or undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
	const match = DURATION.exec(text.trim());
	if (!match) return undefined;
	const ms = Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
	return Number.isSafeInteger(ms) ? ms : undefined;
}

/** Rounded to the two largest units that matter: `2d 3h`, `1m 30s`, `450ms`. */
export function formatDuration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)}ms`;
	let rest = Math.round(ms / 1000) * 1000;
	const parts: string[] = [];
	for (const unit of ['d', 'h', 'm', 's'] as const) {
		const count = Math.floor(rest / UNITS[unit]);
		rest -= count * UNITS[unit];
		if (count) parts.push(`${count}${unit}`);
		else if (parts.length) break;
	}
	return parts.slice(0, 2).join(' ');
}

/** Exactly, in the largest unit that needs no fraction, so that it can be read again: `90s`, `36h`, `7d`. */
export function exactDuration(ms: number): string {
	const unit = (['d', 'h', 'm', 's'] as const).find((one) => ms > 0 && ms % UNITS[one] === 0) ?? 'ms';
	return `${ms / UNITS[unit]}${unit}`;
}
