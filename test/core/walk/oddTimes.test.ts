/** A newest-first list in which one event stands out of its order, and a position that is refused behind it. */
import { PositionRejected } from '../../../core/http/failure';
import { fromMillis } from '../../../core/time';
import type { Source, SourceEvent } from '../../../core/contract';
import { beginStream } from '../../../core/walk/stream';
import { poll } from '../../../core/walk/walk';
import { simClock } from '../../support/clock';
import { stateFile } from '../../support/stateFile';
import { streamOf } from '../../support/streamOf';

const LATENESS = 1_000_000_000n;

test.each([1, 2, 3, 4])('every event arrives, with pages of %d', async (usual) => {
	const clock = simClock();
	const file = stateFile(() => clock.now());
	const store = file.open();
	const stream = streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] });
	const start = clock.now() - 3_600_000;
	const list = [10, 3, 9, 8, 7, 6, 5, 4, 2, 1].map((second): SourceEvent => ({
		id: `e${second}`,
		time: fromMillis(start + second * 1000),
		raw: '{}',
		json: {},
	}));
	let refusals = 1;
	const source: Source = {
		onRejected: 'continueBelowOldest',
		sizes: { usual, most: usual, isFixed: false, refused: () => undefined },
		async page({ lower, upper }, position, _signal, { size = usual } = {}) {
			const from = position ? list.findIndex(({ id }) => id === position.after) + 1 : 0;
			if (from >= 2 && refusals-- > 0) throw new PositionRejected('unknown cursor');
			const inside = list.slice(from).filter(({ time }) => time >= lower && (upper === undefined || time <= upper));
			const events = inside.slice(0, size);
			const more = inside.length > size && { next: { after: events.at(-1)!.id } };
			return { events, invalid: [], serverTime: fromMillis(clock.now()), ...more };
		},
	};
	await beginStream(stream, fromMillis(start), fromMillis(clock.now()));
	const options = { lateness: LATENESS, maxPages: 1000, keepSeen: 0n };
	await poll({ source, store: stream, clock, options });
	const batches = await store.outbox('siem').pending(0, 999);
	const ids = batches.flatMap(({ events }) => events.map(({ id }) => id));
	file.remove();
	expect(ids.sort()).toEqual(list.map(({ id }) => id).sort());
});
