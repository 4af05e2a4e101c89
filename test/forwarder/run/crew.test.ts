/** Work that comes and goes. */
import { createCrew } from '../../../forwarder/run/crew';
import { aborted } from '../../../forwarder/waits';

test('one that is added while it runs begins at once, and one that ends leaves the others at work', async () => {
	const crew = createCrew();
	const stop = new AbortController();
	const log: string[] = [];
	const work = (name: string) => async (signal: AbortSignal) => {
		log.push(`${name} begins`);
		await aborted(signal);
		log.push(`${name} ends`);
	};
	crew.add('a', work('a'));
	const running = crew.run(stop.signal);
	crew.add('b', work('b'));
	await crew.end('a');
	expect(log).toEqual(['a begins', 'b begins', 'a ends']);
	stop.abort();
	await running;
	expect(log.at(-1)).toBe('b ends');
});

test('what one throws ends all of them, and is thrown', async () => {
	const crew = createCrew();
	let ended = false;
	crew.add('a', (signal) => aborted(signal).then(() => void (ended = true)));
	crew.add('b', () => Promise.reject(new Error('the lease is lost')));
	await expect(crew.run(new AbortController().signal)).rejects.toThrow('the lease is lost');
	expect(ended).toBe(true);
});
