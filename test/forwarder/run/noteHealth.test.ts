/** How a destination is doing, noted for `status`. */
import { noteHealth } from '../../../forwarder/run/noteHealth';
import type { DeliveryNotice } from '../../../forwarder/delivery/delivery';
import type { DeliveryStatus } from '../../../forwarder/delivery/health';
import type { DestinationHealth } from '../../../forwarder/store/sqlite/destinations';

const AT = Date.parse('2026-11-20T12:00:00Z');

function noting() {
	const written: DestinationHealth[] = [];
	const failures: Error[] = [];
	const note = noteHealth((health) => {
		const failure = failures.shift();
		if (failure) throw failure;
		written.push(health);
	});
	const tell = (state: DeliveryStatus['state'], since: number, error?: string, at = since) => {
		const lastError = error === undefined ? undefined : { at, message: error };
		note({ kind: 'acknowledged' } as DeliveryNotice, () => ({
			state,
			since,
			...(lastError && { lastError }),
			inFlight: {},
			consecutiveFailures: 0,
		}));
	};
	return { written, failures, note, tell };
}

test('at its first failure, at another cause, and when it is over', () => {
	const { written, tell } = noting();
	tell('ok', AT);
	tell('ok', AT);
	for (let s = 0; s < 400; s++) tell(s < 300 ? 'failing' : 'degraded', AT + 1000, 'refused', AT + 1000 + s * 1000);
	tell('failing', AT + 1000, 'status 503', AT + 500_000);
	tell('ok', AT + 600_000, 'status 503', AT + 500_000);
	expect(written.map(({ state, since, lastError }) => [state, since - AT, lastError?.message])).toEqual([
		['ok', 0, undefined],
		['failing', 1000, 'refused'],
		['failing', 1000, 'status 503'],
		['ok', 600_000, 'status 503'],
	]);
});

test('a receiver that changes its words with each answer is not written with each answer', () => {
	const { written, tell } = noting();
	for (let s = 0; s < 60; s++) tell('failing', AT, `status 503: try ${s}`, AT + s * 1000);
	expect(written.length).toBeLessThanOrEqual(6);
});

test('what could not be written is written with the next notice', () => {
	const { written, failures, tell } = noting();
	failures.push(new Error('disk full'));
	tell('failing', AT, 'refused');
	expect(written).toEqual([]);
	tell('failing', AT, 'refused', AT + 1000);
	expect(written).toHaveLength(1);
});
