/** A source that is refused, told to people by the real command, over two restarts. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scene, type Scene } from '../../support/scene';
import { run as runOnce, start, type Running } from '../../support/command';
import { until } from '../support/wait';

interface Receiver {
	url: string;
	bodies: Record<string, unknown>[];
	/** How the next requests are answered; then well. */
	statuses: number[];
	server: Server;
}

const receivers: Receiver[] = [];
const relays: Running[] = [];
let here: Scene | undefined;
afterEach(async () => {
	for (const { process } of relays.splice(0)) process.kill('SIGKILL');
	for (const { server } of receivers.splice(0)) server.close().closeAllConnections();
	await here?.end();
});

async function receiver(): Promise<Receiver> {
	const [bodies, statuses]: [Record<string, unknown>[], number[]] = [[], []];
	const server = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk) => (text += String(chunk)));
		request.on('end', () => {
			const status = statuses.shift() ?? 202;
			if (status === 202) bodies.push(JSON.parse(text) as Record<string, unknown>);
			response.writeHead(status).end();
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/canary-address`;
	const one = { url, bodies, statuses, server };
	receivers.push(one);
	return one;
}

function run(options: Parameters<typeof start>[1]): Running {
	const relay = start(['run'], options);
	relays.push(relay);
	return relay;
}

async function stop(relay: Running): Promise<string> {
	relay.process.kill('SIGTERM');
	const { code, stderr } = await relay.finished;
	expect(code).toBe(0);
	return stderr;
}

test('is told once, also when the receiver falters and the process restarts, and when it is over', async () => {
	here = await scene();
	const [chat, page, third] = await Promise.all([receiver(), receiver(), receiver()]);
	chat.statuses.push(503);
	const of = (name: string, type: string, more = '') =>
		`  - { name: ${name}, type: ${type}, url: "\${env:${name.toUpperCase()}}", after: { source_refused: 0ms }${more} }\n`;
	const two = `notifications:\n${of('chat', 'slack')}${of('page', 'pagerduty', ', routingKey: "${env:PD}"')}`;
	const { cwd, env } = here.options;
	const hooks = { CHAT: chat.url, PAGE: page.url, THIRD: third.url, PD: 'canary-routing-key' };
	const wrong = { cwd, env: { ...env, ...hooks, ARPIO_API_KEY: 'canary:wrong' } };

	here.configure((yaml) => yaml + two);
	const first = run(wrong);
	await until('both are told', () => chat.bodies.length === 1 && page.bodies.length === 1, 60_000);
	expect(chat.bodies[0]!['text']).toContain('dr: GET /api/accounts/');
	expect(page.bodies[0]).toMatchObject({ event_action: 'trigger', payload: { class: 'source_refused' } });
	const log = await stop(first);
	expect(log).not.toContain('canary-address');

	// one that is new is told, so the problem has been seen; the others have told of it before
	here.configure((yaml) => yaml + two + of('third', 'webhook'));
	const second = run(wrong);
	await until('the new one is told', () => third.bodies.length === 1, 60_000);
	expect(third.bodies[0]).toMatchObject({ begun: [{ rule: 'source_refused', source: 'dr' }], open: 1 });
	await stop(second);

	const good = run({ cwd, env: { ...env, ...hooks } });
	const ended = () => [chat, page, third].every(({ bodies }) => bodies.length === 2);
	await until('all are told that it is over', ended, 300_000);
	await stop(good);
	expect(chat.bodies[1]!['text']).toContain('over: source refused');
	expect(page.bodies[1]).toMatchObject({ event_action: 'resolve', dedup_key: page.bodies[0]!['dedup_key'] });
	expect(third.bodies[1]).toMatchObject({ begun: [], over: [{ source: 'dr' }], open: 0 });
}, 600_000);

test('who is told is added and changed by a reload: what the first receiver refused is told to the next', async () => {
	here = await scene();
	const [gone, chat] = await Promise.all([receiver(), receiver()]);
	gone.statuses.push(...Array<number>(100).fill(404));
	const options = { cwd: here.options.cwd, env: { ...here.options.env, GONE: gone.url, CHAT: chat.url } };
	const wrong = { ...options, env: { ...options.env, ARPIO_API_KEY: 'canary:wrong' } };
	const told = (variable: string) =>
		here!.configure(
			(yaml) =>
				`${yaml}notifications: [{ name: ops, type: slack, url: "\${env:${variable}}", after: { source_refused: 0ms } }]\n`,
		);
	const reload = async () => JSON.parse((await runOnce(['reload', '--json'], options)).stdout) as { changes: string[] };

	const relay = run(wrong);
	await relay.says('the key is not accepted');
	told('GONE');
	expect(await reload()).toMatchObject({ changes: ['notification ops: added'] });
	await relay.says('nobody is told by this notification');
	told('CHAT');
	expect(await reload()).toMatchObject({ changes: ['notification ops: changed'] });
	await until('the other receiver is told', () => chat.bodies.length === 1, 60_000);
	expect(chat.bodies[0]!['text']).toContain('dr: GET /api/accounts/');
	await stop(relay);
});
