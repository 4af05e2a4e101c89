/** What a process says of its configuration when it is read again, and what is applied of it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLive, toldOf, type Live } from '../../../../forwarder/cli/run/live';
import type { Logger } from '../../../../forwarder/cli/log';
import { loadUsable } from '../../../../forwarder/config/load';
import type { Config } from '../../../../forwarder/config/types';
import { anotherLog } from '../../../../forwarder/store/stateError';
import type { SourceMistake } from '../../../../forwarder/run/snapshot';
import { TestClock } from '../../delivery/support/clock';
import { snapshot } from '../../server/support';
import { ENV, NOW, writeFiles } from '../../config/scratch';

const DESTINATIONS = 'destinations: [{ name: siem, endpoint: "https://collector.example:4318" }]\n';
const entry = (name: string, more = '', key = 'env:KEY') =>
	`  - { name: ${name}, provider: arpio, accountId: ${name}, apiKey: "\${${key}}"${more} }\n`;
const names = (count: number) => Array.from({ length: count }, (_, at) => `t${at}`);
const tenants = (count: number, key?: string) =>
	`${DESTINATIONS}sources:\n${names(count)
		.map((name) => entry(name, '', key))
		.join('')}`;

interface Scene {
	live: Live;
	applied: Config[];
	/** Lines of the log, as `level message fields`. */
	log: { level: string; fields: Record<string, unknown>; message: string }[];
	/** What the state makes of sources: why each cannot be used. */
	refused: SourceMistake[];
	write(text: string): void;
	told(): Promise<ReturnType<typeof toldOf>>;
}

async function scene(text: string): Promise<Scene> {
	const path = join(await writeFiles({ 'audit-relay.yaml': text }), 'audit-relay.yaml');
	const [applied, log, refused]: [Config[], Scene['log'], SourceMistake[]] = [[], [], []];
	const say = (level: string) => (fields: Record<string, unknown> | string, message?: string) =>
		void log.push(
			typeof fields === 'string' ? { level, fields: {}, message: fields } : { level, fields, message: message! },
		);
	const logger = { info: say('info'), warn: say('warn'), error: say('error') } as unknown as Logger;
	const live = createLive(await loadUsable(path, ENV, NOW), { clock: new TestClock(), env: ENV }, logger);
	live.of({
		observed: { look: async () => snapshot({ mistakes: [...live.mistakes(), ...refused] }) },
		change: async (config) => void applied.push(config),
	});
	const cut = (line: string) => line.replaceAll(path, 'audit-relay.yaml');
	return {
		...{ live, applied, log, refused },
		write: (text) => writeFileSync(path, text),
		async told() {
			const told = toldOf(await live.reload(), path);
			return told.ok ? { ...told, mistakes: told.mistakes.map(cut) } : { ...told, problems: told.problems.map(cut) };
		},
	};
}

const ONE = `${DESTINATIONS}sources:\n${entry('acme')}${entry('beta')}`;

test('who is told and what the metrics hold are applied; what waits for a restart is said by name', async () => {
	const { told, write, applied, log } = await scene(ONE);
	const blocks = 'metrics: { detail: source }\nserver: { enabled: false }\n';
	write(`${ONE}${blocks}notifications: [{ name: ops, type: slack, url: "\${env:KEY}" }]\n`);
	expect(await told()).toEqual({
		ok: true,
		changes: ['notification ops: added', 'metrics: changed', 'server: changed, and takes effect with a restart only'],
		mistakes: [],
	});
	expect(applied).toMatchObject([{ notifications: [{ name: 'ops' }], metrics: { bySource: true } }]);
	expect(log).toMatchObject([
		{ level: 'warn', fields: { keys: ['server'] } },
		{ message: 'configuration reloaded', fields: { keys: ['metrics'], notifications: { added: ['ops'] } } },
	]);
});

test('a source that is another now by its state is said once, and not as changed', async () => {
	const { told, write, refused, log } = await scene(ONE);
	write(ONE.replace('accountId: acme', 'accountId: other').replace('name: beta', 'lateness: 1m, name: beta'));
	const { message } = anotherLog('acme');
	refused.push({ source: 'acme', sinceMs: NOW, message });
	expect(await told()).toEqual({ ok: true, changes: ['source beta: changed'], mistakes: [message] });
	expect(log.at(-1)).toMatchObject({ fields: { sources: { changed: ['beta'] } } });
});

test('and it is foreseen by who asks what a reload would change', async () => {
	const { live, write, applied } = await scene(ONE);
	write(ONE.replace('accountId: acme', 'accountId: other').replace('name: beta', 'lateness: 1m, name: beta'));
	expect(toldOf(await live.compare(), '')).toEqual({
		...{ ok: true, changes: ['source beta: changed'] },
		mistakes: [anotherLog('acme').message],
	});
	expect(applied).toEqual([]);
});

test('a variable that three hundred sources miss is one mistake, with the first few names and a count', async () => {
	const { told, write, log } = await scene(tenants(1));
	write(`${tenants(300, 'env:MISSING').replace(entry('t0', '', 'env:MISSING'), entry('t0'))}`);
	const { mistakes } = (await told()) as { mistakes: string[] };
	expect(mistakes).toEqual([
		'audit-relay.yaml:4:57 sources[1].apiKey: environment variable MISSING is not set. Set it in the environment of this process. The same: t2, t3, t4, t5, t6 and 293 more.',
	]);
	const errors = log.filter(({ level }) => level === 'error');
	expect(errors).toMatchObject([{ fields: { sources: ['t1', 't2', 't3', 't4', 't5', 'and 294 more'] } }]);
});

test('a file that all of them miss is one line of a refusal, and so it is at the start', async () => {
	const { told, write } = await scene(tenants(1));
	write(tenants(300, 'file:/nowhere/key').replace('https:', 'ftp:'));
	const { problems } = (await told()) as { problems: string[] };
	expect(problems).toHaveLength(2);
	expect(problems[1]).toMatch(
		/sources\[0\]\.apiKey: file \/nowhere\/key cannot be read .* The same: audit-relay\.yaml:4:57 sources\[1\]\.apiKey, .* and 294 more\.$/,
	);
});

test('who asks before all is in place waits for it', async () => {
	const path = join(await writeFiles({ 'audit-relay.yaml': ONE }), 'audit-relay.yaml');
	const logger = { info: () => {}, warn: () => {}, error: () => {} } as unknown as Logger;
	const live = createLive(await loadUsable(path, ENV, NOW), { clock: new TestClock(), env: ENV }, logger);
	const reloaded = live.reload();
	live.of({ observed: { look: async () => snapshot() }, change: async () => undefined });
	expect(await reloaded).toMatchObject({ ok: true });
	rmSync(path);
	expect(await live.reload()).toMatchObject({ ok: false });
});

test('a key that is there at last is tried again when the state has said no to it, and that ends nothing', async () => {
	const path = join(
		await writeFiles({ 'audit-relay.yaml': `${ONE}${entry('late', '', 'file:late')}` }),
		'audit-relay.yaml',
	);
	const [clock, said, over]: [TestClock, string[], AbortController] = [new TestClock(), [], new AbortController()];
	const say = (_fields: unknown, message: string) => void said.push(message);
	const live = createLive(await loadUsable(path, ENV, NOW), { clock, env: ENV }, {
		...{ info: say, error: say, warn: say },
	} as unknown as Logger);
	let isFull = true;
	live.of({
		observed: { look: async () => snapshot() },
		change: async () => {
			if (isFull) throw new Error('disk full');
		},
	});
	const running = live.run(over.signal);
	writeFileSync(path.replace('audit-relay.yaml', 'late'), 'key\n');
	const passUntil = async (isSo: () => boolean) => {
		while (!isSo()) {
			await clock.pass(1000);
			await new Promise((again) => setImmediate(again));
		}
	};
	await passUntil(() => said.some((message) => message.includes('could not be tried again')));
	isFull = false;
	await passUntil(() => said.includes('what was wrong in the configuration is right now'));
	expect(live.config.sources.map(({ name }) => name)).toEqual(['acme', 'beta', 'late']);
	over.abort();
	await running;
});
