/** The last n8n 1, for those who have not moved on: the same package loads, reads, ships and polls there. */
import { until } from '../support/wait';
import { action, eventsOf } from './operations/action';
import { LAST_1 } from './support/instance';
import { ourNodes } from './support/ourNodes';
import { scene } from './support/scene';
import { node, workflow } from './support/workflow';

const NOW = Date.now();
const real = scene({ version: LAST_1, sandbox: { newestAt: NOW - 3_600_000 } });

it('loads every node and every tool', async () => {
	const names = (await real.n8n.nodeTypes()).map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(ourNodes));
});

it('runs an operation of every node', async () => {
	const exact = { returnAll: true, simplify: false, options: { includeRaw: true } };
	const run = await real.run([
		action('Arpio', 'arpio', 'auditEvent.getAll', exact),
		action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll', exact),
		[action('AuditAPI', 'auditApi', 'event.getAll', exact), node('OTLP Logs', 'otlpLogs')],
	]);
	const { arpio, arcus, auditapi, receiver } = real.sandbox;
	expect(run.error).toBeUndefined();
	expect(run.items('Arpio')).toHaveLength(eventsOf(arpio.api).length);
	expect(run.items('Arcus ERP')).toHaveLength(eventsOf(arcus.api).length);
	expect(run.items('AuditAPI')).toHaveLength(eventsOf(auditapi.api).length);
	expect(run.items('OTLP Logs')).toHaveLength(eventsOf(auditapi.api).length);
	expect(receiver!.stored.map(({ body }) => body)).toEqual(run.json('AuditAPI').map(({ raw }) => raw));
});

it('says what is wrong, without the causes that only later versions know', async () => {
	real.sandbox.arcus.server.setFaults(() => ({ kind: 'status', status: 401 }));
	const run = await real.run(action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll'));
	real.sandbox.arcus.server.setFaults(undefined);
	expect(run.error).toMatchObject({ message: 'Arcus ERP did not accept the API key', httpCode: '401' });
});

it('polls with every trigger, which starts its workflow', async () => {
	const pollTimes = { item: [{ mode: 'everyMinute' }] };
	const yesterday = NOW - 24 * 3_600_000;
	const options = { startFrom: new Date(yesterday).toISOString() };
	const triggers = ['arpioTrigger', 'arcusErpTrigger', 'auditApiTrigger'];
	const flows = triggers.map((type) =>
		workflow(
			type,
			node('Trigger', type, { watch: ['everything'], options, pollTimes }),
			node('End', 'n8n-nodes-base.noOp'),
		),
	);
	await real.n8n.importWorkflows(...flows);
	const server = await real.n8n.start();
	const { arpio, arcus, auditapi } = real.sandbox;
	for (const [index, { api }] of [arpio, arcus, auditapi].entries()) {
		const type = triggers[index]!;
		await server.activate(type);
		const started = async () => (await server.runs(type)).length > 0;
		await until(`${type} has started its workflow`, started, 60_000, server.output);
		const [run] = await server.runs(type);
		expect(run).toMatchObject({ status: 'success', mode: 'trigger' });
		// reading the log is in the log too, and must not start a workflow that reads it
		const recent = api.log
			.all()
			.filter(({ micros, raw }) => micros >= yesterday * 1000 && !raw.includes('getAuditEvents'));
		expect(recent.length).toBeGreaterThan(0);
		expect(new Set(run!.json('End').map(({ id }) => id))).toEqual(new Set(recent.map(({ id }) => id)));
	}
});
