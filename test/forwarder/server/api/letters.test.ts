import { letterPage } from '../../../../forwarder/server/api/letters';
import type { StateAdmin } from '../../../../forwarder/store/admin';
import type { LetterFilter } from '../../../../forwarder/store/deadLetters';

const letters = Array.from({ length: 30 }, (_, i) => ({
	...{ id: 30 - i, at: 5_000_000n, stream: 'dr', destination: 'siem', eventId: `event-${30 - i}` },
	...{ observed: 1n, reason: 'rejected', detail: i === 7 ? 'Too Long' : 'no', records: 1 },
}));
let asked: LetterFilter | undefined;
const state = {
	listLetters: async (filter: LetterFilter) => {
		asked = filter;
		return { total: 5000, records: 5000, letters };
	},
	letter: async (id: number) => ({ raw: `text of ${id}` }),
} as unknown as StateAdmin;

const page = (query: string) => letterPage(new URLSearchParams(query), state);

test('the newest first, with their texts, and how many there are in all', async () => {
	const { total, rows } = await page('source=dr&offset=2&limit=3');
	expect(asked).toEqual({ stream: 'dr' });
	expect(total).toBe(5000);
	expect(rows.map(({ id, text }) => [id, text])).toEqual([28, 27, 26].map((id) => [id, `text of ${id}`]));
	expect(rows[0]).toMatchObject({ at: 5, source: 'dr', destination: 'siem', eventId: 'event-28' });
});

test('searched in what is said about them, whatever the case', async () => {
	expect(await page('q=too+long')).toMatchObject({ total: 1, rows: [{ id: 23 }] });
	expect(await page('q=event-23')).toMatchObject({ total: 1 });
	expect(await page('q=nothing')).toEqual({ total: 0, rows: [] });
});

test('never more at once than a page shows', async () => {
	expect((await page('limit=100000&offset=x')).rows).toHaveLength(30);
});
