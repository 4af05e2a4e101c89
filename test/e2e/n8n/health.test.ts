/** How a trigger is, in a running n8n: what it tells itself, and what Get Health finds in the same workflow. */
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { until } from '../support/wait';
import { action } from './operations/action';
import { credentialsFor } from './support/credentials';
import { createInstance, installN8n, type Instance } from './support/instance';
import { TRIGGERS } from './support/happenings';
import type { Server } from './support/server';
import { node, workflow } from './support/workflow';

installN8n();

/** n8n allows no poll time that comes more often than once a minute, but several of them. */
const everySixSeconds = {
	item: Array.from({ length: 10 }, (_, n) => ({ mode: 'custom', cronExpression: `${n * 6} * * * * *` })),
};
const ACTIONS: Record<string, string> = {
	arpioTrigger: 'arpio',
	arcusErpTrigger: 'arcusErp',
	auditApiTrigger: 'auditApi',
};

let sandbox: Sandbox;
let n8n: Instance;
let server: Server;

beforeAll(async () => {
	sandbox = await startSandbox({ newestAt: Date.now() - 600_000 });
	n8n = createInstance();
	await n8n.importCredentials(credentialsFor(sandbox));
	const flows = TRIGGERS.map(({ type }) => {
		const parameters = { watch: ['everything'], pollTimes: everySixSeconds, options: { health: 'change', retries: 0 } };
		return workflow(type, node('Trigger', type, parameters), action('Health', ACTIONS[type]!, 'trigger.getHealth'));
	});
	await n8n.importWorkflows(...flows);
	server = await n8n.start();
	for (const { type } of TRIGGERS) await server.activate(type);
});
afterAll(async () => {
	await n8n?.end();
	await sandbox?.stop();
});

const notices = async (type: string) =>
	(await server.runs(type))
		.filter(({ status }) => status === 'success')
		.map((run) => ({ told: run.json('Trigger'), found: run.json('Health') }));

test('a trigger tells that it has begun, and Get Health finds it up to date', async () => {
	for (const { type } of TRIGGERS) {
		await until(`${type} has told`, async () => (await notices(type)).length > 0, 60_000, server.output);
		const [{ told, found } = { told: [], found: [] }] = await notices(type);
		expect(told).toMatchObject([{ notice: 'health', trigger: 'Trigger', status: 'upToDate', failedPolls: 0 }]);
		expect(found).toMatchObject([{ trigger: 'Trigger', status: 'upToDate', pausedUntil: null }]);
		expect(found[0]!['lastPoll']).toMatch(/^\d{4}-\d{2}-\d{2}T/);
	}
});

test('a trigger tells after polls that failed', async () => {
	const before = new Map(TRIGGERS.map(({ service }) => [service, sandbox[service].server.requests.length]));
	for (const { service } of TRIGGERS) sandbox[service].server.setFaults(() => ({ kind: 'status', status: 500 }));
	for (const { type, service } of TRIGGERS) {
		const asked = () => sandbox[service].server.requests.length > before.get(service)! + 1;
		await until(`${type} has failed`, asked, 60_000, server.output);
	}
	for (const { service } of TRIGGERS) sandbox[service].server.setFaults(undefined);
	for (const { type } of TRIGGERS) {
		await until(`${type} has told again`, async () => (await notices(type)).length > 1, 60_000, server.output);
		const { told } = (await notices(type))[1]!;
		expect(told[0]).toMatchObject({ notice: 'health', status: 'upToDate' });
		expect(told[0]!['failedPolls']).toBeGreaterThan(0);
	}
});
