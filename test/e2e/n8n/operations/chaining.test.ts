/** Whatever our nodes and triggers give at their defaults, OTLP Logs ships at its own, in a real n8n. */
import { allCases } from '../../../nodes/support/operations';
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { manual, node, type NodeOfWorkflow } from '../support/workflow';

const real = scene({ sandbox: { newestAt: Date.now() } });

const TRIGGERS = ['arpioTrigger', 'arcusErpTrigger', 'auditApiTrigger'];
const end = (name: string) => `${name} → SIEM`;
const siem = (name: string): NodeOfWorkflow => node(end(name), 'otlpLogs');

let run: Run;
let triggered: Run[];

beforeAll(async () => {
	const pairs = allCases.map(([title, { description }, parameters]) => [
		node(title, description.name, parameters as Record<string, unknown>),
		siem(title),
	]);
	run = await real.run(pairs);
	const flow = manual(
		'triggers',
		TRIGGERS.map((type) => [node(type, type), siem(type)]),
	);
	// each begins a branch of its own
	const { Start: _start, ...connections } = flow.connections;
	await real.n8n.importWorkflows({ ...flow, connections });
	const server = await real.n8n.start();
	triggered = [];
	for (const type of TRIGGERS) triggered.push(await server.runByHand({ ...flow, connections }, type));
});

it('runs through', () =>
	expect([run, ...triggered].map(({ error }) => error)).toEqual([run, ...triggered].map(() => undefined)));

it.each(allCases)('%s', (title) => {
	const given = run.json(title);
	expect(given.length).toBeGreaterThan(0);
	expect([run.json(end(title)), run.json(end(title), 1)]).toEqual([given, []]);
});

it.each(TRIGGERS)('%s', (type) => {
	const one = triggered[TRIGGERS.indexOf(type)]!;
	const given = one.json(type);
	expect(given.length).toBeGreaterThan(0);
	expect([one.json(end(type)), one.json(end(type), 1)]).toEqual([given, []]);
	const uids = real.sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid']);
	for (const { id, source } of given) expect(uids).toContain(`${String(source)}:${String(id)}`);
});
