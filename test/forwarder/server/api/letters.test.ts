/** What letters say, for whoever may see it: a page to look at, and all to take along. */
import { letterRoutes } from '../../../../forwarder/server/api/letters';
import { networkDoor, socketDoor } from '../../../../forwarder/server/http/doors';
import { startServer, type StatusServer } from '../../../../forwarder/server/server';
import { openAdmin } from '../../../../forwarder/store/sqlite/admin';
import type { FileState } from '../../../../forwarder/store/admin';
import type { FileStore } from '../../../../forwarder/store/sqlite/store';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { streamOf } from '../../../support/streamOf';
import { simClock } from '../../../support/clock';
import { NOW } from '../support';

const clock = simClock(NOW);
const start = BigInt(NOW - 60_000) * 1_000_000n;

let file: StateFile;
let store: FileStore;
let admin: FileState;
let server: StatusServer | undefined;
beforeEach(() => {
	file = stateFile(() => NOW);
	store = file.open();
	admin = openAdmin(file.path, 'amend');
});
afterEach(async () => {
	await server?.close();
	await admin.close();
	file.remove();
});

async function scene(door = socketDoor) {
	const routes = letterRoutes({ clock, state: async () => admin, onError: () => undefined });
	server = await startServer({ routes, door }, { host: '127.0.0.1', port: 0, configPath: 'x.yaml', clock });
	const { url } = server;
	return (path: string) => fetch(`${url}/api/v1/dead-letters${path}`, { headers: { 'audit-relay-user': 'ada' } });
}

/** Letters of `dr`, one for each text. */
async function refused(...texts: string[]): Promise<void> {
	const dr = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	await dr.commit({ start, watermark: start, walk: null });
	const fresh = texts.map((raw, id) => ({ id: String(id), time: start, raw, json: {} }));
	await dr.commit({ fresh, observed: start });
	const siem = store.outbox('siem');
	const letter = { stream: 'dr', destination: 'siem', observed: start, time: start, reason: 'rejected', detail: 'no' };
	const letters = texts.map((raw, id) => ({ ...letter, eventId: `e${id}`, raw }));
	await siem.acknowledge(await siem.pending(0, 9), 0, letters);
	await store.newActions();
}

const said = async () => (await store.newActions()).map(({ by, what }) => `${by}: ${what}`);

test('who may only look sees no text', async () => {
	await refused('{"secret":1}');
	const ask = await scene(networkDoor(['127.0.0.1']));
	for (const path of ['', '/export']) {
		const answer = await ask(path);
		expect([answer.status, await answer.text()]).toEqual([403, expect.not.stringContaining('secret')]);
	}
	expect(await said()).toEqual([]);
});

test('a page of letters, the newest first; a long text is cut, and says so', async () => {
	await refused('{"n":"Anna"}', '{"n":"Ben"}', `"${'x'.repeat(30_000)}"`);
	const ask = await scene();
	const answer = (await (await ask('?destination=siem&limit=2')).json()) as { rows: { text: string }[] };
	expect(answer).toMatchObject({
		total: 3,
		rows: [
			{ eventId: 'e2', isCut: true },
			{ eventId: 'e1', source: 'dr' },
		],
	});
	expect(answer.rows[0]!.text).toHaveLength(20_000);
	expect(await (await ask('?q=anna')).json()).toEqual({
		total: 1,
		rows: [
			{
				...{ id: 1, at: NOW, source: 'dr', destination: 'siem', reason: 'rejected', detail: 'no', eventId: 'e0' },
				text: '{"n":"Anna"}',
			},
		],
	});
	expect(await (await ask('?q=3')).json()).toMatchObject({ total: 1, rows: [{ eventId: 'e2' }] });
	expect(await (await ask('?destination=other')).json()).toEqual({ total: 0, rows: [] });
	expect((await ask('?limit=101')).status).toBe(400);
	expect((await ask(`?q=${'x'.repeat(201)}`)).status).toBe(400);
});

test('an export has every letter whole, and is kept with who it was', async () => {
	const long = `"${'x'.repeat(3_000_000)}"`;
	await refused('{"n":"Anna"}', long, '{"n":"Ben"}');
	const ask = await scene();
	const answer = await ask('/export?source=dr');
	expect(answer.headers.get('content-type')).toContain('ndjson');
	const lines = (await answer.text()).trimEnd().split('\n');
	expect(lines.map((line) => (JSON.parse(line) as { raw: string }).raw)).toEqual(['{"n":"Anna"}', long, '{"n":"Ben"}']);
	expect(JSON.parse(lines[0]!)).toMatchObject({ source: 'dr', reason: 'rejected', at: expect.any(String) as string });
	expect((await (await ask('/export?q=ben')).text()).trimEnd().split('\n')).toHaveLength(1);
	expect(await said()).toEqual(['ada: dead-letters export: 3 dead letters', 'ada: dead-letters export: 1 dead letter']);
});

test('an export that cannot go on does not look whole', async () => {
	await refused('{"n":1}', '{"n":2}');
	const read = admin.letter.bind(admin);
	admin.letter = (id) => (id === 2 ? Promise.reject(new Error('disk')) : read(id));
	const ask = await scene();
	await expect((async () => (await ask('/export')).text())()).rejects.toThrow();
});

test('a zero character finds nothing, and not everything', async () => {
	await refused('one', 'two');
	const ask = await scene();
	for (const path of ['?q=%00', '?q=no%00such', '/export?q=%00']) expect((await ask(path)).status).toBe(400);
});

test('a page of somebody else cannot have it written down that they were exported', async () => {
	await refused('one');
	await scene(networkDoor([], async () => 'ada'));
	const exported = (site: string) =>
		fetch(`${server!.url}/api/v1/dead-letters/export`, { headers: { 'sec-fetch-site': site } });
	expect((await exported('cross-site')).status).toBe(403);
	expect(await said()).toEqual([]);
	expect((await exported('same-origin')).status).toBe(200);
	expect(await said()).toEqual(['ada: dead-letters export: 1 dead letter']);
});
