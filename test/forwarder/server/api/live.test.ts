/** What is followed as server-sent events, over real HTTP. */
import { request, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceEvent } from '../../../../core/contract';
import type { SourceConfig } from '../../../../forwarder/config/types';
import { createKnown } from '../../../../forwarder/run/known';
import { createMonitor } from '../../../../forwarder/run/monitor';
import { apiRoutes } from '../../../../forwarder/server/api/routes';
import { networkDoor, socketDoor } from '../../../../forwarder/server/http/doors';
import { readiness } from '../../../../forwarder/server/readiness';
import { startServer, type StatusServer } from '../../../../forwarder/server/server';
import { openSocket, type ControlSocket } from '../../../../forwarder/server/socket';
import type { StateAdmin } from '../../../../forwarder/store/admin';
import { source } from '../../run/configured';
import { steppedClock } from '../../../support/steppedClock';
import { eventually, snapshot, stream } from '../support';

const draft = ({ id, time, raw }: SourceEvent) => ({
	...{
		time: [Number(time / 1_000_000_000n), 0] as [number, number],
		eventName: 'test.event',
		severityNumber: 9,
		severityText: 'INFO' as const,
	},
	attributes: { 'log.record.uid': `test:${id}`, empty: '' },
	body: raw,
});

const nothing: Partial<StateAdmin> = {
	listGaps: async () => ({ total: 0, gaps: [] }),
	countLetters: async () => [],
};

function scene() {
	const clock = steppedClock();
	const monitor = createMonitor({ clock });
	const { known } = createKnown({ sources: [], destinations: [] }, clock, monitor);
	const provider = { label: 'test', draft } as unknown as SourceConfig['provider'];
	for (const name of ['dr', 'erp', ...Array.from({ length: 200 }, (_, at) => `source-${at}`)])
		known.sources.set(name, { ...source, name, provider });
	const { tap } = known;
	const state = { asked: 0, lagMs: 1000, held: Promise.resolve() };
	const view = async () => {
		state.asked++;
		await state.held;
		const given = snapshot({ streams: [stream({ lagMs: state.lagMs })] });
		return { snapshot: given, problems: readiness(given), known };
	};
	const routes = apiRoutes({
		clock,
		about: { version: '1.2.3', startedAt: 0 },
		view,
		known,
		state: async () => nothing as StateAdmin,
		onError: (error) => errors.push(error),
	});
	return { clock, tap, known, state, routes };
}

let here: ReturnType<typeof scene>;
let server: StatusServer;
let socket: ControlSocket;
let folder: string;
const errors: unknown[] = [];
beforeEach(async () => {
	here = scene();
	folder = mkdtempSync(join(tmpdir(), 'live-'));
	const { routes } = here;
	const onError = (error: unknown) => errors.push(error);
	server = await startServer(
		{ routes, door: networkDoor([]), onError },
		{ host: '127.0.0.1', port: 0, configPath: 'x', clock: here.clock },
	);
	socket = await openSocket(
		{ socket: join(folder, 's'), configPath: 'x', env: {} },
		{ routes, door: socketDoor, onError },
	);
});
afterEach(async () => {
	await Promise.all([server.close(), socket.close()]);
	rmSync(folder, { recursive: true });
	expect(errors).toEqual([]);
});

interface Reader {
	response: IncomingMessage;
	events: { event: string; data: unknown }[];
	isOver: boolean;
	/** The end of it. */
	text: string;
}

/** By the socket unless `url` says otherwise. */
function follow(path: string, isPaused = false, url?: string): Promise<Reader> {
	return new Promise((resolve, reject) => {
		const where = url ? { host: '127.0.0.1', port: new URL(url).port } : { socketPath: socket.path };
		request({ ...where, path, agent: false }, (response) => {
			const reader: Reader = { response, events: [], isOver: false, text: '' };
			let rest = '';
			const read = (chunk: string) => {
				reader.text = `${reader.text}${chunk}`.slice(-100);
				const blocks = (rest + chunk).split('\n\n');
				rest = blocks.pop()!;
				for (const block of blocks) {
					const event = /^event: (.*)$/m.exec(block)?.[1] ?? 'message';
					const data = /^data: (.*)$/m.exec(block)?.[1];
					if (data !== undefined) reader.events.push({ event, data: JSON.parse(data) });
				}
			};
			response.setEncoding('utf8');
			if (!isPaused) response.on('data', read);
			else response.once('resume', () => response.on('data', read));
			response.on('close', () => (reader.isOver = true));
			response.on('error', () => undefined);
			resolve(reader);
		})
			.on('error', reject)
			.end();
	});
}

const live = (path: string) => follow(`/api/v1/live?path=${encodeURIComponent(path)}`);

/** Another second, once the answers of the one before have been made. */
async function second(): Promise<void> {
	const { asked } = here.state;
	await eventually(
		() => {
			here.clock.advance(1000);
			return here.state.asked;
		},
		(seen) => seen > asked,
	);
}

describe('live', () => {
	const lags = ({ events }: Reader) =>
		events.map(({ data }) => (data as { body: { rows: { lagMs: number }[] } }).body.rows[0]!.lagMs);

	test('the answer comes at once, and again when it is another one', async () => {
		const reader = await live('/api/v1/sources?limit=1');
		expect(reader.response.headers['x-accel-buffering']).toBe('no');
		await eventually(
			() => lags(reader),
			(seen) => seen.length === 1,
		);
		await second();
		here.state.lagMs = 2000;
		await eventually(
			() => (here.clock.advance(1000), lags(reader)),
			(seen) => seen.length > 1,
		);
		expect(lags(reader)).toEqual([1000, 2000]);
	});

	test('for all who look at the same it is made once', async () => {
		const readers = await Promise.all([1, 2, 3].map(() => live('/api/v1/sources')));
		await eventually(
			() => readers.map(lags).flat(),
			(seen) => seen.length === 3,
		);
		const before = here.state.asked;
		here.state.lagMs = 2000;
		await eventually(
			() => {
				if (here.state.asked === before) here.clock.advance(1000);
				return readers.map(lags);
			},
			(seen) => seen.every((each) => each.length === 2),
		);
		expect(here.state.asked).toBe(before + 1);
	});

	test('nobody looks any more: nothing is made, and nothing waits', async () => {
		const reader = await live('/api/v1/sources');
		await eventually(
			() => reader.events,
			(seen) => seen.length === 1,
		);
		reader.response.destroy();
		await eventually(
			() => here.clock.sleepers,
			(sleepers) => sleepers === 0,
		);
		const { asked } = here.state;
		here.clock.advance(10_000);
		expect(here.state.asked).toBe(asked);
	});

	test('several paths come in one stream, each with its own answer or why there is none', async () => {
		const paths = [
			'/api/v1/overview',
			'/api/v1/sources?limit=1',
			'/api/v1/nothing',
			'/metrics',
			'/api/v1/sources?sort=size',
		];
		const reader = await follow(`/api/v1/live?${paths.map((path) => `path=${encodeURIComponent(path)}`).join('&')}`);
		await eventually(
			() => reader.events,
			(seen) => seen.length === 5,
		);
		expect(reader.events.map(({ data }) => data)).toMatchObject([
			{ path: paths[0], body: { process: { version: '1.2.3' } } },
			{ path: paths[1], body: { total: 1 } },
			{ path: paths[2], status: 404, error: { what: 'there is nothing to follow at "/api/v1/nothing"' } },
			{ path: paths[3], status: 404 },
			{ path: paths[4], status: 400, error: { what: 'sort: "size" is not known' } },
		]);
		expect((await follow('/api/v1/live')).response.statusCode).toBe(400);
	});

	test('a quiet one shows signs of life', async () => {
		const reader = await live('/api/v1/sources');
		await eventually(
			() => reader.events,
			(seen) => seen.length === 1,
		);
		here.clock.advance(15_000);
		await eventually(
			() => reader.text,
			(text) => text.includes('\n:\n\n'),
		);
	});

	test('it ends when the server does', async () => {
		const reader = await live('/api/v1/overview');
		await socket.close();
		await eventually(() => reader.isOver, Boolean);
	});

	test('there are not too many', async () => {
		const readers = await Promise.all(Array.from({ length: 200 }, () => live('/api/v1/overview')));
		expect(readers.map(({ response }) => response.statusCode)).toEqual(new Array(200).fill(200));
		const one = await live('/api/v1/overview');
		expect(one.response.statusCode).toBe(503);
		expect(one.response.headers['retry-after']).toBe('30');
		for (const { response } of readers) response.destroy();
	});

	test('nor when all come in one moment; who goes makes room', async () => {
		const { state } = here;
		let release = () => {};
		state.held = new Promise((resolve) => (release = resolve));
		const asking = Array.from({ length: 230 }, (_, i) => live(`/api/v1/sources?limit=${i + 1}`));
		await eventually(
			() => state.asked,
			(asked) => asked >= 230,
		);
		release();
		const readers = await Promise.all(asking);
		const statuses = readers.map(({ response }) => response.statusCode);
		expect(statuses.filter((status) => status === 200)).toHaveLength(200);
		expect(statuses.filter((status) => status === 503)).toHaveLength(30);
		for (const { response } of readers) response.destroy();
		await eventually(
			async () => (await live('/api/v1/overview')).response.statusCode,
			(status) => status === 200,
		);
	});
});

describe('records', () => {
	const event = (id: string, raw = `{"id":"${id}"}`): SourceEvent => ({
		id,
		time: 1_700_000_000_000_000_000n,
		raw,
		json: {},
	});
	const stored = (source: string, ...fresh: SourceEvent[]) => here.tap.committed(source, { fresh });

	test('each comes as it is stored, of one source or of all', async () => {
		const [all, erp] = await Promise.all([follow('/api/v1/records'), follow('/api/v1/records?source=erp')]);
		stored('dr', event('a'), event('b'));
		stored('erp', event('c'));
		await eventually(
			() => all.events.length + erp.events.length,
			(count) => count === 4,
		);
		expect(all.events[0]).toEqual({
			event: 'message',
			data: {
				...{ source: 'dr', id: 'a', time: '2023-11-14T22:13:20.000000Z', at: here.clock.now(), severity: 'INFO' },
				...{ event: 'test.event', attributes: { 'log.record.uid': 'test:a' }, body: '{"id":"a"}' },
			},
		});
		expect(erp.events).toMatchObject([{ data: { id: 'c' } }]);
	});

	test('who may only look does not get them', async () => {
		for (const path of ['/api/v1/records', '/api/v1/sources/dr/recent']) {
			const { response } = await follow(path, false, server.url);
			expect(response.statusCode).toBe(403);
		}
		const query = encodeURIComponent('/api/v1/sources/dr/recent');
		const { events } = await follow(`/api/v1/live?path=${query}`, false, server.url);
		await eventually(
			() => events,
			(seen) => seen.length === 1,
		);
		expect(events[0]!.data).toMatchObject({ status: 403 });
	});

	test('more than a person can read are counted instead of mapped', async () => {
		const reader = await follow('/api/v1/records');
		stored('dr', ...Array.from({ length: 800 }, (_, at) => event(String(at))));
		await eventually(
			() => reader.events.at(-1),
			(last) => last?.event === 'lost',
		);
		expect(reader.events).toHaveLength(501);
		expect(reader.events.at(-1)!.data).toEqual({ lost: 300 });
	});

	test('who does not read misses some and is told how many; nobody waits for him', async () => {
		const slow = await follow('/api/v1/records', true);
		const fast = await follow('/api/v1/records');
		const big = 'x'.repeat(50_000);
		for (let round = 0; round < 20; round++) {
			here.clock.advance(1000);
			stored('dr', ...Array.from({ length: 20 }, (_, at) => event(`${round}-${at}`, big)));
			await eventually(
				() => fast.events.length,
				(count) => count >= (round + 1) * 20,
			);
		}
		slow.response.resume();
		const counted = () => {
			const lost = slow.events
				.filter(({ event }) => event === 'lost')
				.map(({ data }) => (data as { lost: number }).lost);
			return { got: slow.events.length - lost.length, lost: lost.reduce((sum, one) => sum + one, 0) };
		};
		await eventually(counted, ({ got, lost }) => got + lost === 400);
		expect(counted().lost).toBeGreaterThan(0);
	});

	test('the last ones of a source are kept from when somebody first asks', async () => {
		const recent = async () => {
			const reader = await live('/api/v1/sources/dr/recent');
			await eventually(
				() => reader.events,
				(seen) => seen.length === 1,
			);
			return (reader.events[0]!.data as { body: { records: { id: string }[] } }).body.records.map(({ id }) => id);
		};
		stored('dr', event('before'));
		expect(await recent()).toEqual([]);
		stored('dr', ...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => event(id)));
		stored('dr', event('g'));
		expect(here.tap.recent('dr').map((text) => (JSON.parse(text) as { id: string }).id)).toEqual([
			'g',
			'f',
			'e',
			'd',
			'c',
		]);
	});

	test('what is kept of all sources has a limit', () => {
		here.tap.keep();
		const big = 'x'.repeat(60_000);
		for (let source = 0; source < 200; source++) stored(`source-${source}`, event('a', big));
		expect(here.tap.recent('source-0')).toEqual([]);
		expect(here.tap.recent('source-199')).toHaveLength(1);
	});
});

describe('finer points of what is followed', () => {
	const fine = (reader: Reader) =>
		reader.events.map(({ data }) => (data as { body: { fine?: { rate: (number | null)[] } } }).body.fine);

	test('of the totals, from when somebody follows them, until the last one leaves', async () => {
		const { total } = here.known.histories;
		const readers = [await live('/api/v1/overview'), await live('/api/v1/overview')];
		await eventually(
			() => readers.map(({ events }) => events.length),
			(seen) => seen.every((count) => count > 0),
		);
		total.events('', 7);
		await second();
		await eventually(
			() => fine(readers[0]!).at(-1)?.rate.at(-1),
			(rate) => rate === 7,
		);
		readers[0]!.response.destroy();
		await eventually(
			() => readers[0]!.isOver,
			(isOver) => isOver,
		);
		expect(total.fineOf('')).toBeDefined();
		readers[1]!.response.destroy();
		await eventually(
			() => total.fineOf(''),
			(seen) => seen === undefined,
		);
	});

	test('of a source that is open, and of no other: not of one that nobody has configured either', async () => {
		const { sources } = here.known.histories;
		await live('/api/v1/sources/dr');
		await live('/api/v1/sources/unknown');
		await eventually(
			() => sources.fineOf('dr'),
			(seen) => seen !== undefined,
		);
		expect([sources.fineOf('erp'), sources.fineOf('unknown')]).toEqual([undefined, undefined]);
	});
});
