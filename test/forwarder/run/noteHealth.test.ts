/** How a destination is doing, noted for `status`. */
import { setImmediate as turn } from 'node:timers/promises';
import { noteHealth } from '../../../forwarder/run/noteHealth';
import type { DeliveryNotice } from '../../../forwarder/delivery/delivery';
import type { DeliveryStatus } from '../../../forwarder/delivery/health';
import type { DestinationHealth } from '../../../forwarder/store/health';

const AT = Date.parse('2026-11-20T12:00:00Z');

function noting() {
	const written: DestinationHealth[] = [];
	const failures: Error[] = [];
	const note = noteHealth(async (health) => {
		const failure = failures.shift();
		if (failure) throw failure;
		written.push(health);
	});
	const tell = async (state: DeliveryStatus['state'], since: number, error?: string, at = since) => {
		const lastError = error === undefined ? undefined : { at, message: error };
		note.hear({ kind: 'acknowledged' } as DeliveryNotice, () => ({
			state,
			since,
			...(lastError && { lastError }),
			inFlight: {},
			consecutiveFailures: 0,
		}));
		await turn();
	};
	return { written, failures, note, tell };
}

test('at its first failure, at another cause, and when it is over', async () => {
	const { written, tell } = noting();
	await tell('ok', AT);
	await tell('ok', AT);
	for (let s = 0; s < 400; s++)
		await tell(s < 300 ? 'failing' : 'degraded', AT + 1000, 'refused', AT + 1000 + s * 1000);
	await tell('failing', AT + 1000, 'status 503', AT + 500_000);
	await tell('ok', AT + 600_000, 'status 503', AT + 500_000);
	expect(written.map(({ state, since, lastError }) => [state, since - AT, lastError?.message])).toEqual([
		['ok', 0, undefined],
		['failing', 1000, 'refused'],
		['failing', 1000, 'status 503'],
		['ok', 600_000, 'status 503'],
	]);
});

test('a receiver that changes its words with each answer is not written with each answer', async () => {
	const { written, tell } = noting();
	for (let s = 0; s < 60; s++) await tell('failing', AT, `status 503: try ${s}`, AT + s * 1000);
	expect(written.length).toBeLessThanOrEqual(6);
});

test('what could not be written is written with the next notice', async () => {
	const { written, failures, tell } = noting();
	failures.push(new Error('disk full'));
	await tell('failing', AT, 'refused');
	expect(written).toEqual([]);
	await tell('failing', AT, 'refused', AT + 1000);
	expect(written).toHaveLength(1);
});

test('while one is being written, others wait, and only the last of them is written', async () => {
	const written: [string, number][] = [];
	const ends: (() => void)[] = [];
	const note = noteHealth(async ({ state, since }) => {
		written.push([state, since - AT]);
		await new Promise<void>((end) => ends.push(end));
	});
	const tell = (state: DeliveryStatus['state'], since: number) =>
		note.hear({ kind: 'acknowledged' } as DeliveryNotice, () => ({
			state,
			since,
			inFlight: {},
			consecutiveFailures: 0,
		}));
	for (const [at, state] of (['failing', 'ok', 'halted'] as const).entries()) tell(state, AT + at);
	expect(written).toEqual([['failing', 0]]);
	ends.shift()!();
	await turn();
	expect(written).toEqual([
		['failing', 0],
		['halted', 2],
	]);
});
