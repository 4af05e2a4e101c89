import { PositionRejected } from '../../core/http/failure';
import { everyElement, type ListPage } from '../../providers/list';

const pages: Record<string, ListPage> = {
	start: { elements: [{ raw: '1', json: 1 }], next: 'a', envelope: {} },
	a: { elements: [], next: 'b', envelope: {} },
	b: { elements: [{ raw: '2', json: 2 }], envelope: {} },
};

describe('everyElement', () => {
	it('goes through all pages, also past an empty one', async () => {
		const raws: string[] = [];
		for await (const { raw } of everyElement(async (cursor = 'start') => pages[cursor]!)) raws.push(raw);
		expect(raws).toEqual(['1', '2']);
	});

	it('stops when the provider gives a cursor twice', async () => {
		const endless = everyElement(async () => ({ elements: [], next: 'a', envelope: {} }));
		await expect(endless.next()).rejects.toBeInstanceOf(PositionRejected);
	});
});
