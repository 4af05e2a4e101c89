/** The built command, asked by its socket and by its port: what it says is what the receiver has counted. */
import { existsSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { DestinationDetail, Overview, SourceDetail, SourcePage } from '../../../forwarder/server/api/types';
import { start, type Running } from '../../support/command';
import { scene, type Scene } from '../../support/scene';
import { eventually } from '../../forwarder/server/support';

jest.setTimeout(120_000);

let here: Scene;
let daemon: Running;
let url: string;
beforeAll(async () => {
	here = await scene();
	here.configure((yaml) => yaml.replace('enabled: false', 'listen: 127.0.0.1:0'));
	daemon = start(['run'], here.options);
	let said = '';
	daemon.process.stderr!.on('data', (text: string) => (said += text));
	url = await eventually(
		() => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '',
		(address) => address !== '',
	);
});
afterAll(async () => {
	daemon.process.kill('SIGTERM');
	await daemon.finished;
	expect(existsSync(socket())).toBe(false);
	await here.end();
});

const socket = () => join(here.folder, 'audit-relay.db.sock');

function bySocket(path: string): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		request({ socketPath: socket(), path, agent: false }, resolve).on('error', reject).end();
	});
}

async function get<T>(path: string): Promise<T> {
	const response = await bySocket(path);
	let text = '';
	for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
	expect([path, response.statusCode]).toEqual([path, 200]);
	return JSON.parse(text) as T;
}

test('the totals are those of the receiver', async () => {
	const overview = await eventually(
		() => get<Overview>('/api/v1/overview'),
		({ totals }) => totals.shipped === 54 && totals.waiting === 0,
	);
	expect(here.sandbox.receiver!.stored).toHaveLength(54);
	expect(overview).toMatchObject({
		process: { state: 'ready', authority: 'full' },
		totals: { events: 51, problems: 0, sources: 3, states: { ok: 3 }, destinations: 1 },
		destinations: [{ name: 'siem', state: 'ok', shipped: 54 }],
	});
	expect(statSync(socket()).mode & 0o777).toBe(0o600);
});

test('a source and a destination, with what happened in this hour and no key', async () => {
	await eventually(
		() => get<Overview>('/api/v1/overview'),
		({ totals }) => totals.shipped === 54,
	);
	const { total, rows } = await get<SourcePage>('/api/v1/sources?sort=name&q=r');
	expect([total, rows.map(({ name }) => name)]).toEqual([2, ['dr', 'erp']]);
	const source = await get<SourceDetail>('/api/v1/sources/dr');
	const sum = (points: readonly (number | null)[]) => points.reduce<number>((all, one) => all + (one ?? 0), 0);
	expect(sum(source.history.rate)).toBe(17);
	expect(source.gaps).toMatchObject([{ reason: 'collection_start' }]);
	expect(source.configuration).toMatchObject({ provider: 'arpio', apiKey: '(environment variable ARPIO_API_KEY)' });
	const destination = await get<DestinationDetail>('/api/v1/destinations/siem');
	expect(sum(destination.history.rate)).toBe(54);
	const { arpio } = here.sandbox;
	expect(JSON.stringify([source, destination])).not.toContain(arpio.apiKey);
});

test('the port shows the same to whoever asks, but no events', async () => {
	const overview = (await (await fetch(`${url}/api/v1/overview`)).json()) as Overview;
	expect(overview.process.authority).toBe('read');
	expect((await fetch(`${url}/api/v1/records`)).status).toBe(403);
	const page = await fetch(url);
	expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
	const html = await page.text();
	const script = /src="([^"]+\.js)"/.exec(html)![1]!;
	expect((await fetch(`${url}/${script}`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test('a stream that is followed ends when the process does, and does not hold it up', async () => {
	const response = await bySocket(`/api/v1/live?path=${encodeURIComponent('/api/v1/overview')}`);
	let text = '';
	response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	response.on('error', () => undefined);
	await eventually(
		() => text,
		(seen) => seen.startsWith('data: {"path":"/api/v1/overview","body":{"process"'),
	);
	const closed = new Promise((done) => response.on('close', done));
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0 });
	await closed;
});
