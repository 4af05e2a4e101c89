/** What people have done by the running process: by a door for all, and by the one of commands. */
import type { DestinationConfig, SourceConfig } from '../../../../forwarder/config/types';
import { actionRoutes } from '../../../../forwarder/server/api/actions';
import { networkDoor, socketDoor } from '../../../../forwarder/server/http/doors';
import { startServer, type StatusServer } from '../../../../forwarder/server/server';
import type { View } from '../../../../forwarder/server/api/view';
import { openAdmin } from '../../../../forwarder/store/sqlite/admin';
import type { FileStore } from '../../../../forwarder/store/sqlite/store';
import type { Wish } from '../../../../forwarder/store/wishes';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { streamOf } from '../../../support/streamOf';
import { simClock } from '../../../support/clock';
import { NOW, snapshot, stream } from '../support';

const DAY = 86_400_000n * 1_000_000n;
const start = BigInt(NOW - 60_000) * 1_000_000n;

let file: StateFile;
let store: FileStore;
let servers: StatusServer[];
let done: Wish[];
beforeEach(async () => {
	file = stateFile(() => NOW);
	store = file.open();
	servers = [];
	done = [];
	const dr = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	await dr.commit({ start, watermark: start, walk: null });
	await store.newActions();
});
afterEach(async () => {
	await Promise.all(servers.map((server) => server.close()));
	file.remove();
});

const sources = ['dr', 'far', 'directory.signIns'].map((name) => [name, { name, destinations: ['siem'] }] as const);
const known = {
	sources: new Map(sources) as unknown as Map<string, SourceConfig>,
	destinations: new Map([['siem', { name: 'siem', maxEventAgeMs: 3_600_000 } as DestinationConfig]]),
};

const view = {} as View;

/** `far` is another worker's. */
async function scene(door = socketDoor, isShared = false) {
	const clock = simClock(NOW);
	const admin = openAdmin(file.path, 'amend');
	const routes = actionRoutes({
		...{ clock, known, isShared, state: async () => admin },
		view: async () => ({
			...view,
			snapshot: snapshot({
				streams: [stream(), stream({ name: 'far', worker: 'two' }), stream({ name: 'directory.signIns' })],
			}),
		}),
		wishes: { carryOut: (wish) => void done.push(wish), lookSoon: () => undefined },
	});
	const listen = { host: '127.0.0.1', port: 0, configPath: 'x.yaml', clock, warn: () => undefined };
	const server = await startServer({ routes, door }, listen);
	servers.push({ ...server, close: () => Promise.all([server.close(), admin.close()]).then(() => undefined) });
	const headers = { 'content-type': 'application/json', 'audit-relay-user': 'ada' };
	return async (path: string, body: object = {}, method = 'POST') => {
		const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
		return { status: answer.status, ...((await answer.json()) as object) } as Record<string, unknown>;
	};
}

const said = async () => (await store.newActions()).map(({ by, what }) => `${by}: ${what}`);

test('who may only look changes nothing', async () => {
	const ask = await scene(networkDoor(['127.0.0.1']));
	for (const path of ['/sources/dr/pause', '/sources/dr/poll', '/destinations/siem/probe', '/dead-letters/discard'])
		expect(await ask(path)).toMatchObject({ status: 403, error: { what: 'whoever asks here may only look' } });
	expect([(await store.wishes()).paused, done, await said()]).toEqual([[], [], []]);
});

test('a source is paused with a reason, and resumed; both are kept with who it was', async () => {
	const ask = await scene();
	expect(await ask('/sources/dr/pause', { note: 'key rotation' })).toMatchObject({ status: 200, ok: true });
	expect(await ask('/sources/dr/pause')).toMatchObject({ status: 200, message: 'dr was paused already' });
	expect((await store.wishes()).paused).toEqual(['dr']);
	expect(await ask('/sources/dr/poll')).toMatchObject({ status: 409, error: { what: 'dr is paused' } });
	expect(await ask('/sources/dr/resume')).toMatchObject({ status: 200, ok: true });
	expect(await ask('/sources/dr/resume')).toMatchObject({ status: 200, message: 'dr was not paused' });
	expect((await store.wishes()).paused).toEqual([]);
	expect(await said()).toEqual(['ada: pause: dr (key rotation)', 'ada: resume: dr']);
});

test('a reason is one line without control characters, and what is none of these cannot choose letters', async () => {
	const ask = await scene();
	expect(await ask('/sources/dr/pause', { note: ' key\r\nrotation\u001b[2J\0 ' })).toMatchObject({ status: 200 });
	expect(await said()).toEqual(['ada: pause: dr (key rotation [2J)']);
	for (const source of ['', '\0'])
		expect(await ask('/dead-letters/discard', { all: true, source })).toMatchObject({ status: 400 });
});

test('a log of a source that was paused as a whole is resumed with the others', async () => {
	const ask = await scene();
	const admin = openAdmin(file.path, 'amend');
	await admin.pauseSources(['directory'], undefined, { by: 'bob', at: 1n });
	await admin.close();
	expect(await ask('/sources/directory.signIns/resume')).toMatchObject({ status: 200 });
	expect((await store.wishes()).paused).toEqual([]);
});

test('a source is polled, and a destination probed, at once', async () => {
	const ask = await scene();
	expect(await ask('/sources/dr/poll')).toMatchObject({ status: 200, ok: true });
	expect(await ask('/destinations/siem/probe')).toMatchObject({ status: 200, ok: true });
	expect(done).toEqual([
		{ kind: 'poll', source: 'dr' },
		{ kind: 'probe', destination: 'siem' },
	]);
	expect(await said()).toEqual(['ada: poll: dr', 'ada: probe: siem']);
});

test('what another worker has is accepted, and found by that one in the state', async () => {
	const ask = await scene(socketDoor, true);
	expect(await ask('/sources/far/poll')).toMatchObject({
		status: 202,
		message: expect.stringContaining('next beat') as string,
	});
	expect(await ask('/sources/dr/poll')).toMatchObject({ status: 200 });
	expect(await ask('/sources/far/pause')).toMatchObject({ status: 202 });
	expect([done, (await store.wishes()).paused]).toEqual([[], ['far']]);
	expect(await said()).toEqual(['ada: poll: far', 'ada: poll: dr', 'ada: pause: far']);
});

test('what there is not is refused with what to do', async () => {
	const ask = await scene();
	expect(await ask('/sources/none/pause')).toMatchObject({ status: 404, error: { fix: expect.any(String) as string } });
	expect(await ask('/destinations/none/probe')).toMatchObject({ status: 404 });
	expect(await said()).toEqual([]);
});

const which = { what: 'which letters is not said', fix: 'Give ids: [7, 8], or all: true' };
const where = 'docs/operations.md has an example';
test.each([
	['/sources/dr/pause', { because: 'x' }, 'because: unknown key', 'Known keys here: note'],
	['/sources/dr/pause', { note: 7 }, 'note: must be text', 'Put the value in quotes'],
	['/sources/dr/pause', { note: 'x'.repeat(501) }, 'note: is out of range', 'Give at most 500 characters'],
	['/sources/dr/pause', [], 'the body: must be a map of keys and values', where],
	['/sources/dr/backfills', {}, 'from: is missing', where],
	['/dead-letters/discard', {}, which.what, which.fix],
	['/dead-letters/discard', [], which.what, which.fix],
	['/dead-letters/discard', { ids: [] }, 'ids: is out of range', 'Give at least 1 entries'],
	['/dead-letters/discard', { ids: ['7'] }, 'ids.0: must be a number', where],
	['/dead-letters/discard', { ids: [7], all: true }, 'all: unknown key', 'Known keys here: ids'],
	['/dead-letters/retry', { all: 'yes' }, 'all: is not known', 'Known: true'],
	['/dead-letters/retry', { all: true, source: '' }, 'source: is no name', where],
	['/dead-letters/discard', { all: true, q: '\0' }, 'q: has a zero character', 'Leave it out'],
])('%s with %j: %s', async (path, body, what, fix) => {
	const ask = await scene();
	expect(await ask(path, body)).toEqual({ status: 400, error: { what, fix } });
	expect(await said()).toEqual([]);
});

test('a back-fill is begun and cancelled', async () => {
	const ask = await scene();
	const begun = await ask('/sources/dr/backfills', { from: '3d' });
	expect(begun).toMatchObject({ status: 202, id: 1 });
	expect(await store.unfinishedBackfills()).toEqual(['dr']);
	expect(await ask('/sources/dr/backfills', { from: '3d' })).toMatchObject({ status: 200, id: 1 });
	expect(await ask('/sources/dr/backfills', { from: '9d' })).toMatchObject({ status: 409 });
	expect(await ask('/sources/dr/backfills/7', {}, 'DELETE')).toMatchObject({ status: 404 });
	expect(await ask('/sources/dr/backfills/1', {}, 'DELETE')).toMatchObject({ status: 200 });
	expect(await ask('/sources/dr/backfills/1', {}, 'DELETE')).toMatchObject({ status: 409 });
	expect(await store.unfinishedBackfills()).toEqual([]);
	expect(await said()).toEqual([expect.stringMatching(/^ada: backfill: dr, /), 'ada: backfill --cancel: dr']);
});

test.each([
	['soon', 400, /^from: is not/],
	['2027-01-01', 400, /^from: is in the future/],
	['1s', 400, /are read already/],
])('a back-fill from %s is refused', async (from, status, what) => {
	const ask = await scene();
	expect(await ask('/sources/dr/backfills', { from })).toMatchObject({
		status,
		error: { what: expect.stringMatching(what) as string },
	});
});

test('dead letters are sent again, or discarded with a gap record', async () => {
	const ask = await scene();
	const dr = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	const invalid = [{ id: '?x', raw: '{"no":', reason: 'cut' }];
	const event = { id: 'a', time: start, raw: '{"id":"a"}', json: { id: 'a' } };
	await dr.commit({ invalid, fresh: [event], observed: start });
	const batches = await store.outbox('siem').pending(0, 9);
	const letter = {
		stream: 'dr',
		destination: 'siem',
		raw: event.raw,
		observed: start,
		reason: 'rejected',
		detail: 'x',
	};
	await store.outbox('siem').acknowledge(batches, 0, [
		{ ...letter, eventId: 'a', time: start },
		{ ...letter, eventId: 'old', time: start - DAY },
	]);
	expect(await ask('/dead-letters/retry', { all: true, reason: 'rejected' })).toMatchObject({
		...{ status: 200, letters: 1 },
		refused: [{ reason: expect.stringContaining('maxEventAge') as string }],
	});
	expect(await store.outbox('siem').pending(0, 9)).toContainEqual(
		expect.objectContaining({ retried: true, events: [event] }),
	);
	expect(await ask('/dead-letters/discard', { all: true })).toMatchObject({ status: 200, letters: 2 });
	expect(await said()).toEqual([
		expect.stringMatching(/^ada: dead-letters retry/),
		expect.stringMatching(/^ada: dead-letters discard/),
	]);
});
