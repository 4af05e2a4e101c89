/**
 * Queue mode: the main process polls, two workers run what it puts into the queue, and none of them knows what the others ask the
 * services for. On the current n8n and on the last n8n 1.
 */
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { ids } from '../../nodes/support/operations';
import { action, eventsOf, picked } from './operations/action';
import { credential } from './support/credentials';
import { lateAndTied, single } from './support/happenings';
import { CURRENT, installN8n, LAST_1 } from './support/instance';
import { OPERATIONS, pairs, runTriggers, shipped, TRIGGER_TYPES, triggerPairs } from './support/pairs';
import { installQueue, startQueue, type Queue } from './support/queue';
import type { Run } from './support/run';
import { LATE_MS, watching, type Watching } from './support/watching';
import { items, manual, node, type NodeOfWorkflow } from './support/workflow';

installQueue();
for (const version of [CURRENT, LAST_1]) installN8n(version);

const PER_MINUTE = 600;
const PROCESSES = 2;
const REQUESTS = 12;

describe.each([CURRENT, LAST_1])('n8n %s', (version) => {
	let queue: Queue;
	let n8n: Watching;
	/** That no trigger polls. */
	let quiet: Sandbox;

	beforeAll(async () => {
		queue = await startQueue();
		quiet = await startSandbox();
		n8n = await watching('ordinary', { version, env: queue.env, workers: 2 });
		const pace = { requestsPerMinute: PER_MINUTE, processes: PROCESSES };
		const { apiKey, accountId, url } = quiet.arpio;
		const paced = credential('arpioApi', 'Arpio Paced', { apiKey, accountId, baseUrl: url, ...pace }, 'paced');
		await n8n.n8n.importCredentials([paced]);
	});
	afterAll(async () => {
		await n8n?.end();
		await quiet?.stop();
		await queue?.end();
	});

	const paced = (operation: string, parameters = {}): NodeOfWorkflow =>
		action('Arpio', 'arpio', operation, parameters, { credentials: { arpioApi: { id: 'paced', name: 'paced' } } });

	test('workers ship what every node and trigger gives', async () => {
		const flow = manual('chain', pairs());
		await n8n.n8n.importWorkflows(flow, triggerPairs());
		const run = await n8n.server.runByHand(flow, 'Start');
		const triggered = await runTriggers(n8n.server);
		const all: [Run, string][] = [
			...OPERATIONS.map((title): [Run, string] => [run, title]),
			...TRIGGER_TYPES.map((type, index): [Run, string] => [triggered[index]!, type]),
		];
		for (const [one, name] of all) {
			const { given, accepted, rejected } = shipped(one, name);
			expect([name, given.length > 0, accepted, rejected]).toEqual([name, true, given, []]);
		}
	});

	test('processes that share a credential keep to its pace together', async () => {
		const flow = manual(
			'paced',
			items('Items', ...Array.from({ length: REQUESTS }, (_, n) => ({ n }))),
			paced('application.get', { application: picked(ids.application) }),
		);
		await n8n.n8n.importWorkflows(flow);
		const times: number[] = [];
		quiet.arpio.server.setFaults(() => void times.push(Date.now()));
		await Promise.all([n8n.server.runByHand(flow, 'Start'), n8n.server.runByHand(flow, 'Start')]);
		quiet.arpio.server.setFaults(undefined);
		expect(times).toHaveLength(2 * REQUESTS);
		// each keeps to its part, wherever the two were run
		expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual((REQUESTS - 1) * (60_000 / PER_MINUTE) * PROCESSES - 50);
	});

	test('a pause is asked for once per process, and told at once', async () => {
		const flow = manual('paused', paced('application.getAll'));
		await n8n.n8n.importWorkflows(flow);
		const { server } = quiet.arpio;
		const before = server.requests.length;
		server.setFaults(() => ({ kind: 'throttled', retryAfter: { seconds: 3600 } }));
		for (let run = 0; run < 6; run++) {
			const { error } = await n8n.server.runByHand(flow, 'Start');
			expect(error?.description).toMatch(/are paused until/);
		}
		expect(server.requests.length - before).toBeLessThanOrEqual(n8n.workers.length);
		server.setFaults(undefined);
	});

	test('files of events reach the node behind, whole', async () => {
		const lists = { returnAll: true, output: 'ndjson', eventsPerFile: 5 };
		const read = { operation: 'text', destinationKey: 'text', options: {} };
		const flow = manual(
			'files',
			action('Files', 'auditApi', 'event.getAll', lists),
			node('Read', 'n8n-nodes-base.extractFromFile', read),
		);
		await n8n.n8n.importWorkflows(flow);
		const run = await n8n.server.runByHand(flow, 'Start');
		expect(run.error).toBeUndefined();
		const lines = run.json('Read').flatMap(({ text }) => String(text).trim().split('\n'));
		const found = lines.map((line) => (JSON.parse(line) as { id: string }).id);
		expect(run.items('Files').length).toBeGreaterThan(1);
		expect(found.sort()).toEqual(
			eventsOf(n8n.sandbox.auditapi.api)
				.map(({ id }) => id)
				.sort(),
		);
	});

	test('the main process is killed, and its triggers go on where they stopped', async () => {
		await n8n.activate();
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.arrived('what is listed at once');
		await n8n.betweenPolls();
		await n8n.server.kill();
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.start();
		n8n.happen(single());
		await n8n.allArrived('what happens around the kill');
		n8n.happen(single());
		await n8n.arrived('the next event');
		const { found, wanted } = await n8n.compare();
		expect(found).toEqual(wanted);
	});

	test('both workers took part', () => {
		for (const worker of n8n.workers) expect(worker.output()).toMatch(/started execution/i);
	});
});
