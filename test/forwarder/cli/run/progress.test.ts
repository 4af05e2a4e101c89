/** The line below the log of `run`. */
import type { Snapshot } from '../../../../forwarder/run/snapshot';
import { createProgress, progressText } from '../../../../forwarder/cli/run/progress';
import { fromMillis } from '../../../../core/time';
import { linesOf } from '../../../support/terminal';

const at = (text: string) => fromMillis(Date.parse(text));

interface Given {
	fresh?: number;
	reached?: string;
	polled?: boolean;
	refused?: boolean;
	agoMs?: number;
}

function snapshot(streams: Record<string, Given>, waiting = 0, state = 'ok', stopping = false): Snapshot {
	return {
		streams: Object.entries(streams).map(([name, { fresh = 0, reached, polled, refused, agoMs }]) => ({
			name,
			lastSuccessAgeMs: agoMs,
			counts: {
				fresh,
				polls: { succeeded: polled ? 1 : 0 },
				...(reached !== undefined && { reached: at(reached) }),
				...(refused && { failure: { kind: 'refused' } }),
			},
		})),
		destinations: [{ name: 'siem', waiting, state }],
		stopping,
	} as unknown as Snapshot;
}

test('while it catches up: how many, how fast, what waits, and where in time', () => {
	const streams = {
		dr: { fresh: 11_000, reached: '2026-02-03T00:00:00Z' },
		erp: { fresh: 1345, reached: '2026-01-02T03:04:05Z' },
		app: { polled: true },
	};
	expect(progressText(snapshot(streams, 3400), 1200)).toBe(
		'12,345 events · 1,200/s · 3,400 wait · reads 2026-01-02T03:04:05Z (erp and 1 more)',
	);
});

test('before and after: how many sources were read, and how long ago', () => {
	expect(progressText(snapshot({ dr: { polled: true }, erp: {} }), 0)).toBe('0 events · 1 of 2 sources read');
	const read = { dr: { polled: true, fresh: 1, agoMs: 61_000 }, erp: { polled: true, agoMs: 2000 } };
	expect(progressText(snapshot(read), 0)).toBe('1 event · all read up to 1m ago');
});

test('what fails, and that it stops', () => {
	const text = progressText(snapshot({ dr: { refused: true } }, 1, 'halted', true), 0);
	expect(text).toBe('0 events · 1 waits · 1 source fails · 1 destination accepts nothing · stopping');
});

describe('on a terminal', () => {
	/** Looks three times, a second apart; events as given. */
	async function shown(events: number[], given: { isTTY?: boolean; json?: boolean; TERM?: string } = {}) {
		let written = '';
		let now = 0;
		let looked = 0;
		const { isTTY = true, json = false, TERM = 'xterm' } = given;
		let last: () => void;
		const ended = new Promise<void>((done) => (last = done));
		const clock = {
			now: () => now,
			sleep: (ms: number) => {
				now += ms;
				if (looked < events.length) return Promise.resolve();
				last();
				return new Promise<void>(() => undefined);
			},
		};
		const stderr = { write: (text: string) => (written += text), isTTY, columns: 80 };
		const progress = createProgress({ stderr, env: { TERM }, clock }, json);
		progress.above.write('a line of the log\n');
		progress.begin();
		const before = linesOf(written);
		progress.follow(async () => snapshot({ dr: { polled: true, fresh: events[looked++]! } }));
		if (isTTY && !json && TERM !== 'dumb') await ended;
		const during = linesOf(written);
		progress.done();
		return { before, during, after: linesOf(written), written };
	}

	test('it is there from the start, tells the rate of the last seconds, and is gone at the end', async () => {
		const { before, during, after } = await shown([0, 100, 300]);
		expect(before).toEqual(['a line of the log', 'starting']);
		expect(during).toEqual(['a line of the log', '300 events · 150/s · all read up to 0s ago']);
		expect(after).toEqual(['a line of the log', '']);
	});

	test.each([{ isTTY: false }, { json: true }, { TERM: 'dumb' }])('not with %j', async (given) => {
		expect((await shown([1], given)).written).toBe('a line of the log\n');
	});
});
