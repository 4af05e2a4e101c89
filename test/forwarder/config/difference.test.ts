/** What a configuration that is read again changes, and what it leaves alone. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from '../../../forwarder/config/assemble';
import { complete, type Loaded } from '../../../forwarder/config/complete';
import { changesText, merged, mended, type Running } from '../../../forwarder/config/difference';
import { loadUsable } from '../../../forwarder/config/load';
import { ENV, NOW, writeFiles } from './scratch';

const entry = (name: string, more = '') =>
	`  - { name: ${name}, provider: arpio, accountId: ${name}, apiKey: "\${env:KEY}", start: 7d${more} }\n`;
const file = (...entries: string[]) =>
	`destinations:\n  - { name: siem, endpoint: "https://collector.example:4318", headers: { x-team: red } }\nsources:\n${entries.join('')}`;

let path: string;
let before: Loaded;

async function start(text: string): Promise<void> {
	path = join(await writeFiles({ 'audit-relay.yaml': text }), 'audit-relay.yaml');
	before = await loadUsable(path, ENV, NOW);
}

async function becomes(text: string, running: Running = before) {
	await writeFile(path, text);
	const after = await complete(path, await assemble(path, before.assembled.included), ENV, NOW + 60_000);
	return merged(running, after);
}

const named = ({ config }: Running, name: string) => config.sources.find((one) => one.name === name);

test('the same text changes nothing, also where ages count back from now', async () => {
	await start(file(entry('a'), entry('b')));
	const { running, changes } = await becomes(`# a remark\n${file(entry('a'), entry('b'))}`);
	expect(changesText(changes)).toEqual([]);
	expect(running.config.sources).toEqual(before.config.sources);
	expect(named(running, 'a')).toBe(named(before, 'a'));
	expect(running.config.destinations[0]).toBe(before.config.destinations[0]);
});

test('sources and destinations are added, changed and removed; the others are the same objects', async () => {
	await start(file(entry('a'), entry('b'), entry('c')));
	const text = file(entry('a'), entry('b', ', pollInterval: 5m'), entry('d')).replace('red', 'blue');
	const { running, changes } = await becomes(text);
	expect(changesText(changes)).toEqual([
		'source d: added',
		'source b: changed',
		'source c: removed',
		'destination siem: changed',
	]);
	expect(named(running, 'a')).toBe(named(before, 'a'));
	expect(named(running, 'b')).toMatchObject({ pollIntervalMs: 300_000 });
});

test('a source that ships to all is another when a destination comes', async () => {
	await start(file(entry('a'), entry('b', ', destinations: [siem]')));
	const lake = '  - { name: lake, endpoint: "https://lake.example:4318" }\nsources:';
	const { changes } = await becomes(file(entry('a'), entry('b', ', destinations: [siem]')).replace('sources:', lake));
	expect(changesText(changes)).toEqual(['source a: changed', 'destination lake: added']);
});

test('a source with a mistake goes on as it was; the others change', async () => {
	await start(file(entry('a'), entry('b')));
	const { running, changes } = await becomes(file(entry('a', ', lateness: long'), entry('b', ', lateness: 1m')));
	expect(changesText(changes)).toEqual(['source b: changed']);
	expect(named(running, 'a')).toBe(named(before, 'a'));
	// and when it is mended, it changes
	const next = await becomes(file(entry('a', ', lateness: 2m'), entry('b', ', lateness: 1m')), running);
	expect(changesText(next.changes)).toEqual(['source a: changed']);
});

test('an entry that has lost its name removes nobody from its file', async () => {
	await start(file(entry('a'), entry('b')));
	const { running, changes } = await becomes(file(entry('a').replace('name', 'nmae'), entry('b')));
	expect(changesText(changes)).toEqual([]);
	expect(named(running, 'a')).toBe(named(before, 'a'));
});

test('what is there once in a process waits for a restart', async () => {
	await start(file(entry('a')));
	const { changes } = await becomes(`${file(entry('a'))}server: { enabled: false }\n`);
	expect(changesText(changes)).toEqual(['server: changed, and takes effect with a restart only']);
});

test('who is told, and how much the metrics tell, hold from now on', async () => {
	const told = (...lines: string[]) =>
		`${file(entry('a'))}notifications:\n${lines.map((one) => `  - ${one}\n`).join('')}`;
	const one = (name: string, more = '') => `{ name: ${name}, type: slack, url: "\${env:KEY}"${more} }`;
	await start(told(one('ops'), one('page')));
	const { running, changes } = await becomes(
		`${told(one('ops'), one('page', ', severity: not_ready'), one('chat'))}metrics: { detail: source }\n`,
	);
	expect(changesText(changes)).toEqual(['notification chat: added', 'notification page: changed', 'metrics: changed']);
	expect(running.config.notifications[0]).toBe(before.config.notifications[0]);
	expect(running.config.metrics.bySource).toBe(true);
	const next = await becomes(file(entry('a')), running);
	expect(changesText(next.changes)).toEqual([
		...['ops', 'page', 'chat'].map((name) => `notification ${name}: removed`),
		'metrics: changed',
	]);
});

test('each block that waits for a restart is named, until it is as it was', async () => {
	await start(file(entry('a')));
	const blocks =
		'state: { path: other.db }\nserver: { enabled: false }\ncontrol: { socket: ./x }\ndeadLetters: { retention: 9d }\n';
	const text = `${file(entry('a'))}${blocks}telemetry: { endpoint: "https://otel.example" }\n`;
	const waits = ['state', 'server', 'control', 'deadLetters', 'telemetry'].map(
		(key) => `${key}: changed, and takes effect with a restart only`,
	);
	const { running, changes } = await becomes(text);
	expect(changesText(changes).sort()).toEqual([...waits].sort());
	expect(changesText((await becomes(text, running)).changes).sort()).toEqual([...waits].sort());
	expect(changesText((await becomes(file(entry('a')), running)).changes)).toEqual([]);
});

test('a key that has come is taken without what else the world has changed', async () => {
	const withFile = (name: string) => entry(name).replace('env:KEY', `file:${name}.key`);
	const folder = await writeFiles({ 'audit-relay.yaml': file(withFile('a'), withFile('b')), 'a.key': 'one' });
	path = join(folder, 'audit-relay.yaml');
	before = await loadUsable(path, ENV, NOW);
	expect(before.config.sources.map(({ name }) => name)).toEqual(['a']);
	await writeFile(join(folder, 'b.key'), 'two');
	await rm(join(folder, 'a.key'));
	const after = await complete(path, before.assembled, ENV, NOW);
	const { running, changes } = mended(before, after, new Set(['b']));
	expect(changesText(changes)).toEqual(['source b: added']);
	expect(named(running, 'a')).toBe(named(before, 'a'));
});
