/** What keeps what people have been told of has to do this, whatever the state is kept in. */
import type { ToldStore } from '../../../forwarder/store/told';

export function toldConformance(open: () => ToldStore | Promise<ToldStore>): void {
	test('what was told is there until it is over, for each notification by itself', async () => {
		const told = await open();
		await told.change('ops', {
			begun: [
				{ key: 'gaps source a', notice: '{"a":1}' },
				{ key: 'fatal', notice: '{}' },
			],
		});
		await told.change('page', { begun: [{ key: 'fatal', notice: '{}' }] });
		const read = async (name: string) => (await told.read(name)).map(({ key, notice }) => `${key} ${notice}`).sort();
		expect(await read('ops')).toEqual(['fatal {}', 'gaps source a {"a":1}']);
		await told.change('ops', { begun: [{ key: 'gaps source a', notice: '{"a":2}' }], over: ['fatal', 'not there'] });
		expect(await read('ops')).toEqual(['gaps source a {"a":2}']);
		expect(await read('page')).toEqual(['fatal {}']);
		expect(await read('none')).toEqual([]);
	});

	test('it is known how long ago it was seen last', async () => {
		const told = await open();
		await told.change('ops', { begun: ['a', 'b'].map((key) => ({ key, notice: '{}' })) });
		await new Promise((done) => setTimeout(done, 30));
		await told.seen('ops', ['b', 'not there']);
		const [a, b] = (await told.read('ops')).sort((x, y) => (x.key < y.key ? -1 : 1));
		expect(a!.unseenMs).toBeGreaterThanOrEqual(25);
		expect(b!.unseenMs).toBeLessThan(a!.unseenMs);
		expect(await told.read('ops')).toHaveLength(2);
	});
}
