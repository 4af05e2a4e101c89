/** What a person is told of how far behind a source is. */
import { fromMillis } from '../../../core/time';
import { lagOf } from '../../../forwarder/run/lag';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const lag = (watermarkAgeMs: number, isComplete = true) =>
	lagOf({ watermark: fromMillis(NOW - watermarkAgeMs), latenessMs: 10 * MINUTE, isComplete }, NOW);

test('of one that is idle: what has passed since its last poll began, without the lateness', () => {
	expect(lag(10 * MINUTE)).toBe(0);
	expect(lag(11 * MINUTE)).toBe(MINUTE);
});

test('of one that has just begun at now: nothing', () => {
	expect(lag(0)).toBe(0);
});

test('of one that cannot be read: for how long', () => {
	expect(lag(3 * 60 * MINUTE)).toBe(170 * MINUTE);
});

test('of one that was never read completely nobody knows it', () => {
	expect(lag(4349 * 1440 * MINUTE, false)).toBeUndefined();
});
