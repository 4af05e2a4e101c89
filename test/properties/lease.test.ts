/** I9: who lost the lease changes nothing any more, whatever two forwarders do in whatever order. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { StaleLeaseError, type DeadLetter } from '../../forwarder/store/contract';
import { openStore } from '../../forwarder/store/sqlite/store';
import type { Store } from '../../forwarder/store/contract';
import { property } from './tools/check';
import { scratch } from './tools/folder';
import { streamOf } from '../support/streamOf';

type Deed = 'watermark' | 'events' | 'walk' | 'invalid' | 'gap' | 'acknowledge' | 'note';
const deed = fc.constantFrom<Deed>('watermark', 'events', 'walk', 'invalid', 'gap', 'acknowledge', 'note');
const identity = { name: 's', fingerprint: 'f', destinations: ['siem'] };

property(
	'I9: a former owner changes nothing',
	fc.record({
		before: fc.array(deed, { maxLength: 5 }),
		after: fc.array(fc.record({ who: fc.constantFrom('old', 'new'), deed }), { minLength: 1, maxLength: 15 }),
	}),
	async ({ before, after }) => {
		const folder = scratch();
		const open = () => openStore(folder.path, { maxOutboxSize: 1e9, now: () => 5 });
		const old = open();
		let next: Store | undefined;
		let count = 0;
		try {
			const oldHands = hands(old);
			await oldHands('events', count++);
			for (const what of before) await oldHands(what, count++);
			// a lock that is lost: a file system that does not keep it, a file that somebody deleted
			rmSync(`${folder.path}-lock`);
			next = open();
			const newHands = hands(next);
			for (const { who, deed: what } of after) {
				const was = contents(folder.path);
				if (who === 'new') await newHands(what, count++);
				else {
					await expect(oldHands(what, count++)).rejects.toThrow(StaleLeaseError);
					expect(contents(folder.path)).toBe(was);
				}
			}
		} finally {
			await old.close();
			await next?.close();
			folder.remove();
		}
	},
);

function hands(store: Store): (deed: Deed, n: number) => Promise<void> {
	const stream = streamOf(store, identity);
	const outbox = store.outbox('siem');
	return async (what, n) => {
		const time = BigInt(n);
		const fresh = [{ id: `e${n}`, time, raw: '{}', json: {} }];
		switch (what) {
			case 'watermark':
				return stream.commit({ start: 0n, watermark: time, forgetBelow: time });
			case 'events':
				return stream.commit({ fresh, seen: [{ id: `e${n}`, time }] });
			case 'walk':
				return stream.commit({ walk: { windows: [{ lower: time }], pages: n, rejections: 0 }, kept: { n } });
			case 'invalid':
				return stream.commit({ invalid: [{ id: `x${n}`, raw: '{}', reason: 'none' }] });
			case 'gap':
				return stream.commit({ gaps: [{ reason: 'skipped', detail: `${n}` }] });
			case 'acknowledge': {
				const [batch = { id: 0, stream: 's', observed: 0n, events: [], gaps: [] }] = await outbox.pending(-1, 1);
				const letter: DeadLetter = {
					stream: 's',
					destination: 'siem',
					eventId: `d${n}`,
					raw: '{}',
					observed: 0n,
					reason: 'rejected',
					detail: '',
				};
				return outbox.acknowledge([batch], 1, [letter]);
			}
			case 'note':
				return store.notePoll('s', `error ${n}`);
		}
	};
}

/** Everything in the file, table by table. */
function contents(path: string): string {
	const db = new DatabaseSync(path, { readOnly: true });
	try {
		const rows = (sql: string) => {
			const statement = db.prepare(sql);
			statement.setReadBigInts(true);
			return statement.all();
		};
		const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
		const all = tables.map(({ name }) => [name, rows(`SELECT * FROM "${String(name)}"`)]);
		return JSON.stringify(all, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
	} finally {
		db.close();
	}
}
