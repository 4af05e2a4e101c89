import { Semaphore } from '../../../core/http/semaphore';

/** Notes who comes in, in which order. */
function guests(places: Semaphore) {
	const inside: string[] = [];
	return {
		inside,
		ask: (name: string, signal?: AbortSignal) =>
			places.enter(signal).then((entered) => void inside.push(entered ? name : `${name} gave up`)),
	};
}
const turns = () => new Promise(setImmediate);

it('lets in as many as there are places, the others in the order in which they came', async () => {
	const places = new Semaphore(2);
	const { inside, ask } = guests(places);
	for (const name of ['a', 'b', 'c', 'd']) void ask(name);
	await turns();
	expect(inside).toEqual(['a', 'b']);
	places.leave();
	await turns();
	expect(inside).toEqual(['a', 'b', 'c']);
	places.leave();
	await turns();
	expect(inside).toEqual(['a', 'b', 'c', 'd']);
});

it('keeps a place free that nobody waits for', async () => {
	const places = new Semaphore(1);
	const { inside, ask } = guests(places);
	await ask('a');
	places.leave();
	await ask('b');
	void ask('c');
	await turns();
	expect(inside).toEqual(['a', 'b']);
});

it('passes over who gave up waiting', async () => {
	const places = new Semaphore(1);
	const { inside, ask } = guests(places);
	const stop = new AbortController();
	await ask('a');
	void ask('b', stop.signal);
	void ask('c');
	stop.abort();
	await turns();
	places.leave();
	await turns();
	expect(inside).toEqual(['a', 'b gave up', 'c']);
});

it('takes no place for who has given up before', async () => {
	const places = new Semaphore(1);
	const { inside, ask } = guests(places);
	await ask('a', AbortSignal.abort());
	await ask('b');
	expect(inside).toEqual(['a gave up', 'b']);
});

test('with more places those who wait come in; with fewer, whoever is inside stays', async () => {
	const places = new Semaphore(1);
	await places.enter();
	let inside = 1;
	const waiting = [1, 2].map(() => places.enter().then(() => inside++));
	places.resize(3);
	await Promise.all(waiting);
	expect(inside).toBe(3);
	places.resize(1);
	let next = false;
	void places.enter().then(() => (next = true));
	places.leave();
	places.leave();
	await new Promise((done) => setImmediate(done));
	expect(next).toBe(false);
	places.leave();
	await new Promise((done) => setImmediate(done));
	expect(next).toBe(true);
});
