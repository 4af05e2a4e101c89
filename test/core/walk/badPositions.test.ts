import type { HttpRequest, HttpResponse, Transport } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { HOUR, pastScene, type PastScene, type SimName } from './pastScene';

const MINUTE = 60_000;

let scene: PastScene;
let requests: HttpRequest[];
/** Instead of the provider's answer, or changed. */
let meddle: (request: HttpRequest, answer: HttpResponse) => HttpResponse;
afterEach(() => scene.remove());

function meddling(transport: Transport): Transport {
	return async (request) => {
		requests.push(request);
		return meddle(request, await transport(request));
	};
}

async function begun(name: SimName, count: number): Promise<string[]> {
	[requests, meddle] = [[], (_, answer) => answer];
	scene = pastScene(name, 10, undefined, meddling);
	const ids = Array.from({ length: count }, (_, i) => `e${i}`);
	ids.forEach((id, i) => scene.happen(id, scene.start + HOUR + i * MINUTE));
	await scene.begin();
	return ids.sort();
}

const positionOf = ({ query = {} }: HttpRequest) =>
	(query['nextToken'] ?? query['starting_after'] ?? query['ending_before']) as string | undefined;
const failing = (status: number, body = '{}'): HttpResponse => ({ status, headers: {}, body: Buffer.from(body) });

/** Always at the first position of the first walk, at no other. */
function badPosition(answer: HttpResponse): void {
	let bad: string | undefined;
	meddle = (request, good) => {
		bad ??= positionOf(request);
		return bad !== undefined && positionOf(request) === bad ? answer : good;
	};
}

const answers: [string, HttpResponse][] = [
	['500', failing(500)],
	['403', failing(403)],
	['404', failing(404)],
	['414', failing(414)],
	['431', failing(431)],
	['200 without a list', failing(200, '{"message":"try again later"}')],
	['200 with a page for people', failing(200, '<html><title>Sorry</title></html>')],
];

describe.each<SimName>(['arpio', 'arcus', 'auditapi'])('%s', (name) => {
	test.each(answers)('a stored position that is always answered by %s is given up, and said', async (what, answer) => {
		const ids = await begun(name, 30);
		badPosition(answer);
		await scene.live();
		expect(await scene.shipped()).toEqual(ids);
		const isRefusal = what === '404' || (name === 'arpio' && what === '403');
		expect(scene.told()[0]).toMatchObject({ kind: 'rejected', why: isRefusal ? 'refused' : 'failing' });
		expect((await scene.stream().load())!.walk).toBeUndefined();
		expect(requests.length).toBeLessThan(15);
	});

	test('also after a restart, and in a back-fill', async () => {
		await begun(name, 0);
		const ids = Array.from({ length: 30 }, (_, i) => `p${i}`).sort();
		ids.forEach((id, i) => scene.happen(id, scene.start - 2 * HOUR + i * MINUTE));
		scene.ask(scene.start - 3 * HOUR);
		let answered = 2;
		meddle = (_, good) => (answered-- > 0 ? good : failing(500));
		await expect(scene.fill()).rejects.toThrow(/500/);
		scene.restart();
		badPosition(failing(500));
		await scene.fill();
		expect(await scene.shipped()).toEqual(ids);
	});

	test('a provider that is down takes no position with it', async () => {
		const ids = await begun(name, 30);
		let answered = 0;
		const down = () => {
			answered = 2;
			meddle = (_, good) => (answered-- > 0 ? good : failing(500));
		};
		down();
		await expect(scene.live()).rejects.toThrow(/500/);
		const { walk } = (await scene.stream().load())!;
		expect(walk?.position).toBeDefined();
		for (let poll = 0; poll < 5; poll++) await expect(scene.live()).rejects.toThrow(/500/);
		expect((await scene.stream().load())!.walk).toEqual(walk);
		meddle = (_, good) => good;
		requests.length = 0;
		await scene.live();
		expect(requests.map(positionOf)).not.toContain(undefined);
		expect(await scene.shipped()).toEqual(ids);
		expect(scene.told()).toEqual([]);
	});

	test.each([
		['too many requests', 429],
		['a single failure', 502],
	])('%s at a position is not a fault of the position', async (_what, status) => {
		const ids = await begun(name, 30);
		let failures = 0;
		meddle = (request, good) =>
			positionOf(request) !== undefined && (status === 429 ? failures++ < 3 : failures++ === 0)
				? failing(status)
				: good;
		for (let poll = 0; poll < 4; poll++) await scene.live().catch(() => undefined);
		expect(await scene.shipped()).toEqual(ids);
		expect(scene.told()).toEqual([]);
	});

	test('a position of 2 MB is neither kept nor sent', async () => {
		const ids = await begun(name, 30);
		const absurd = 'x'.repeat(2_000_000);
		meddle = (_, good) => {
			const page = JSON.parse(String(good.body)) as Record<string, unknown>;
			if ('nextToken' in page) page['nextToken'] = absurd;
			else if (page['has_more'] === true) page['next_cursor'] = absurd;
			return { ...good, body: Buffer.from(JSON.stringify(page)) };
		};
		const states: number[] = [];
		for (let poll = 0; poll < 5; poll++) {
			await scene.live().catch(() => undefined);
			states.push(JSON.stringify((await scene.stream().load())!.walk ?? null, bigints).length);
		}
		expect(await scene.shipped()).toEqual(ids);
		// what is not a token is an id, and another one is in the list
		if (name === 'arpio') expect(scene.told()).toContainEqual(expect.objectContaining({ why: 'absurd' }));
		expect(Math.max(...states)).toBeLessThan(1000);
		expect(Math.max(...requests.map(({ query }) => JSON.stringify(query ?? {}).length))).toBeLessThan(1000);
	});
});

const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

test('a position that cannot even be written into an address is given up', async () => {
	const ids = await begun('arcus', 30);
	meddle = (request, good) => {
		// half of a pair: `encodeURIComponent` throws
		if (/\ud800$/.test(positionOf(request) ?? '')) throw new URIError('URI malformed');
		const page = JSON.parse(String(good.body)) as Record<string, unknown>;
		if (page['has_more'] === true && positionOf(request) === undefined) page['next_cursor'] = 'half \ud800';
		return { ...good, body: Buffer.from(JSON.stringify(page)) };
	};
	await scene.live();
	expect(await scene.shipped()).toEqual(ids);
});

test('a climb that cannot go on is a walk downwards', async () => {
	await begun('auditapi', 5);
	await scene.live();
	scene.clock.advance(60 * MINUTE);
	await scene.live();
	meddle = (request, good) => (request.query?.['ending_before'] === undefined ? good : failing(500));
	scene.happen('new', scene.clock.now() - MINUTE);
	await scene.live();
	expect(await scene.shipped()).toContain('new');
});

test('a failure that comes from the provider keeps its words', async () => {
	await begun('arcus', 30);
	let answered = 1;
	meddle = (_, good) => (answered-- > 0 ? good : failing(503, '{"error":{"message":"in maintenance"}}'));
	await expect(scene.live()).rejects.toThrow(RequestError);
	await expect(scene.live()).rejects.toThrow(/in maintenance/);
});

test.each<SimName>(['arcus', 'auditapi'])(
	'%s: an event that is listed out of its order hides nothing when the cursor behind it is refused',
	async (name) => {
		const ids = await begun(name, 30);
		let bad: string | undefined;
		meddle = (request, answer) => {
			const position = positionOf(request);
			if (position !== undefined) return position === (bad ??= position) ? failing(404) : answer;
			if (bad !== undefined) return answer;
			const page = JSON.parse(Buffer.from(answer.body).toString()) as { data: Record<string, unknown>[] };
			const time = new Date(scene.start + MINUTE).toISOString();
			page.data.splice(3, 0, { ...page.data[3], id: 'odd', created_at: time, timestamp: time });
			return { ...answer, body: Buffer.from(JSON.stringify(page)) };
		};
		await scene.live();
		expect(await scene.shipped()).toEqual([...ids, 'odd'].sort());
	},
);
