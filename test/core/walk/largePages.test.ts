import type { HttpRequest, Transport } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { skimmer } from '../../../core/json/skim';
import { DAY, HOUR, pastScene, type PastScene, type SimName } from './pastScene';

/** Bytes that an answer may have. */
const LIMIT = 100_000;
const MINUTE = 60_000;

let scene: PastScene;
let requests: HttpRequest[];
/** Stops the poll after so many requests. */
let stopAfter: { requests: number; stop: AbortController } | undefined;
afterEach(() => scene.remove());

/** A transport that holds no more than `LIMIT`. */
function limited(transport: Transport): Transport {
	return async (request) => {
		requests.push(request);
		if (stopAfter && requests.length >= stopAfter.requests) stopAfter.stop.abort();
		const answer = await transport(request);
		if (request.skim) return { ...answer, body: Buffer.concat(skimmer()(answer.body)) };
		if (answer.body.length > LIMIT) throw tooLarge(request);
		return answer;
	};
}

function tooLarge({ method, path }: HttpRequest): RequestError {
	return new RequestError({ method, path, kind: 'tooLarge', limitBytes: LIMIT });
}

function begun(name: SimName, pageSize: number, maxPageSize = pageSize): PastScene {
	[requests, stopAfter] = [[], undefined];
	return pastScene(name, pageSize, undefined, limited, maxPageSize);
}

const sizes = () => requests.map(({ query }) => Number(query?.['pageSize'] ?? query?.['limit'] ?? 0));
const deadLetters = async () => (await scene.store().summary()).streams[0]!.deadLetters;
/** Texts of all gap records about something that was not shipped. */
const gaps = async () =>
	(await scene.store().outbox('siem').pending(0, 100_000))
		.flatMap((batch) => batch.gaps)
		.filter(({ reason }) => reason === 'rejected');

describe.each<SimName>(['arpio', 'arcus', 'auditapi'])('%s', (name) => {
	test('pages that are too large are asked for in smaller ones, and everything arrives', async () => {
		scene = begun(name, 100);
		for (let i = 0; i < 100; i++) scene.happen(`e${i}`, scene.start + i * MINUTE, 0, 'x'.repeat(8000));
		await scene.begin();
		await scene.live();
		expect(await scene.shipped()).toHaveLength(100);
		expect(new Set(await scene.shipped()).size).toBe(100);
		expect(await deadLetters()).toBe(0);
		expect(requests.length).toBeLessThan(40);
		expect(scene.told()).toContainEqual(expect.objectContaining({ kind: 'tooLarge', size: 50 }));
	});

	/** One that is too large, among others of the same instant, before and after. */
	function oversized(at: number): string[] {
		const others = [-3000, -1, 0, 0, 0, 0.001, 1, 3000].map((offset, i) => {
			scene.happen(`e${i}`, at + offset);
			return `e${i}`;
		});
		scene.happen('big', at, 0, 'x'.repeat(LIMIT));
		scene.happen('e8', at);
		return [...others, 'e8'].sort();
	}

	test('an event that is larger than an answer may be is passed, said, and kept as far as it is known', async () => {
		scene = begun(name, 100);
		const others = oversized(scene.clock.now() - HOUR);
		await scene.begin();
		await scene.live();
		expect(await scene.shipped()).toEqual(others);
		expect(await deadLetters()).toBe(1);
		const [gap, ...more] = await gaps();
		expect(more).toEqual([]);
		expect(gap!.detail).toMatch(/\bbig\b.*too large to be read whole/);
		expect(Number(gap!.from) / 1e6).toBeCloseTo(scene.clock.now() - HOUR, 0);
		expect((await scene.stream().load())!.walk).toBeUndefined();
		for (let poll = 0; poll < 3; poll++) {
			scene.clock.advance(MINUTE);
			await scene.live();
		}
		expect(await scene.shipped()).toEqual(others);
		expect([await deadLetters(), (await gaps()).length]).toEqual([1, 1]);
	});

	test('the same in a back-fill', async () => {
		scene = begun(name, 100);
		const others = oversized(scene.start - DAY);
		await scene.begin();
		scene.ask(scene.start - 3 * DAY);
		await scene.fill();
		expect(await scene.shipped()).toEqual(others);
		expect([await deadLetters(), (await gaps()).length]).toEqual([1, 1]);
	});

	test('a stop in the middle of it costs what was learnt of the size of pages, and no progress', async () => {
		scene = begun(name, 100);
		const others = oversized(scene.clock.now() - HOUR);
		await scene.begin();
		let polls = 0;
		do {
			const stop = new AbortController();
			stopAfter = { requests: requests.length + 2, stop };
			await scene.live(stop.signal);
			scene.restart();
		} while ((await scene.stream().load())!.walk !== undefined && ++polls < 20);
		expect(await scene.shipped()).toEqual(others);
		expect(await deadLetters()).toBe(1);
	});
});

test('after a page of large events the pages grow again', async () => {
	scene = begun('arpio', 100);
	Object.assign(scene.api.switches, { order: 'ascending' });
	scene.happen('big', scene.start + MINUTE, 0, 'x'.repeat(LIMIT));
	for (let i = 0; i < 400; i++) scene.happen(`e${i}`, scene.start + HOUR + i);
	await scene.begin();
	await scene.live();
	expect(await scene.shipped()).toHaveLength(400);
	expect(sizes()).toEqual([100, 50, 25, 12, 6, 3, 1, 1, 2, 4, 8, 16, 32, 64, 100, 100, 100]);
});

test('while catching up pages grow to what the provider takes; a quiet poll asks for as many as usual', async () => {
	scene = begun('arpio', 10, 100);
	for (let i = 0; i < 700; i++) scene.happen(`e${i}`, scene.start + i * 1000);
	await scene.begin();
	await scene.live();
	expect(await scene.shipped()).toHaveLength(700);
	expect(sizes()).toEqual([10, 20, 40, 80, 100, 100, 100, 100, 100, 100]);
	requests.length = 0;
	scene.clock.advance(MINUTE);
	await scene.live();
	expect(sizes()).toEqual([10]);
});

test.each([400, 422])('a provider that answers large pages with %i is asked for one once', async (status) => {
	scene = begun('arpio', 10, 100);
	Object.assign(scene.api.switches, { pageSize: { most: 25, refusal: status } });
	for (let i = 0; i < 200; i++) scene.happen(`e${i}`, scene.clock.now() - i * 100);
	await scene.begin();
	for (let poll = 0; poll < 3; poll++) {
		await scene.live();
		scene.clock.advance(1000);
	}
	expect(await scene.shipped()).toHaveLength(200);
	expect(sizes().filter((size) => size > 25)).toEqual([40]);
	expect(sizes()).toContain(20);
});

test('a provider that decides itself how much it gives: a shorter time is asked for', async () => {
	scene = begun('arpio', 100);
	Object.assign(scene.api.switches, { pageSize: 'rejected', defaultPageSize: 100 });
	for (let i = 0; i < 100; i++) scene.happen(`e${i}`, scene.start + i * MINUTE, 0, 'x'.repeat(8000));
	scene.happen('big', scene.start + 30 * MINUTE, 0, 'x'.repeat(LIMIT));
	await scene.begin();
	await scene.live();
	// nothing tells apart what happened at one instant
	expect(await scene.shipped()).toHaveLength(99);
	expect(await deadLetters()).toBe(2);
});

test('a list without tokens is complete, also when the server gives no more than the usual number', async () => {
	scene = begun('arpio', 10, 100);
	Object.assign(scene.api.switches, { envelope: 'array', pageSize: { cap: 10 }, order: 'ascending' });
	for (let i = 0; i < 100; i++) scene.happen(`e${i}`, scene.start + i * 1000);
	await scene.begin();
	await scene.live();
	expect(new Set(await scene.shipped()).size).toBe(100);
});
