/** Whatever our nodes and triggers give at their defaults, OTLP Logs ships at its own, in a real n8n. */
import { OPERATIONS, pairs, runTriggers, shipped, TRIGGER_TYPES, triggerPairs } from '../support/pairs';
import type { Run } from '../support/run';
import { scene } from '../support/scene';

const real = scene({ sandbox: { newestAt: Date.now() } });

let run: Run;
let triggered: Run[];

beforeAll(async () => {
	run = await real.run(pairs());
	await real.n8n.importWorkflows(triggerPairs());
	triggered = await runTriggers(await real.n8n.start());
});

it('runs through', () =>
	expect([run, ...triggered].map(({ error }) => error)).toEqual([run, ...triggered].map(() => undefined)));

it.each(OPERATIONS)('%s', (title) => {
	const { given, accepted, rejected } = shipped(run, title);
	expect(given.length).toBeGreaterThan(0);
	expect([accepted, rejected]).toEqual([given, []]);
});

it.each(TRIGGER_TYPES)('%s', (type) => {
	const { given, accepted, rejected } = shipped(triggered[TRIGGER_TYPES.indexOf(type)]!, type);
	expect(given.length).toBeGreaterThan(0);
	expect([accepted, rejected]).toEqual([given, []]);
	const uids = real.sandbox.receiver!.stored.map(({ attributes }) => attributes['log.record.uid']);
	for (const { id, source } of given) expect(uids).toContain(`${String(source)}:${String(id)}`);
});
