/** The ready workflow Failover → notification from the beginning of a failover to its end, with a restart of n8n in between. */
import { arpioEvent } from '../../../sandbox/arpio/events';
import { until } from '../support/wait';
import { readyWorkflows } from './local/readyWorkflows';
import { oftener } from './support/oftener';
import { scene } from './support/scene';
import type { Server } from './support/server';
import { startVendors, vendorCredentials, type Vendors } from './support/vendors';
import type { NodeOfWorkflow } from './support/workflow';

const ID = 'failover-notification';
/** n8n keeps an execution that waits longer than 65 seconds in its database. */
const WAIT = { amount: 66, unit: 'seconds' };
const SOON = 240_000;

const real = scene({ sandbox: { newestAt: Date.now() - 3_600_000 }, credentials: () => vendorCredentials });

let vendors: Vendors;
let server: Server;

beforeAll(async () => {
	vendors = await startVendors();
	const flow = readyWorkflows().find(({ id }) => id === ID)!;
	await real.n8n.importWorkflows({ ...flow, nodes: flow.nodes.map(oftener).map(ready) });
	server = await real.n8n.start(vendors.env);
	await server.activate(ID);
});
afterAll(() => vendors.close());

function ready(node: NodeOfWorkflow): NodeOfWorkflow {
	const { parameters } = node;
	if (node.name === 'Wait') return { ...node, parameters: { ...parameters, ...WAIT } };
	if (node.name !== 'Page On-Call') return node;
	return { ...node, parameters: { ...parameters, serviceId: 'PSANDBOX', email: 'oncall@example.com' } };
}

const happen = (id: string, type: string) =>
	real.sandbox.arpio.api.log.add(arpioEvent({ id, micros: Date.now() * 1000, access: 'write', type, statusCode: 202 }));
const soon = (what: string, isSo: () => boolean | Promise<boolean>) => until(what, isSo, SOON, () => server.output());
const statuses = async () => {
	const { results } = await server.rest<{ results: { status: string }[] }>('GET', '/executions?limit=100');
	return results.map(({ status }) => status);
};

test('a failover is told and paged at once, and its end is told although n8n was away while it ended', async () => {
	const polls = () => real.sandbox.arpio.server.requests.length;
	await soon('it polls', () => polls() > 2);
	happen('began00000000000000000', 'startApplicationRecovery');
	await soon('the beginning is told', () => vendors.messages.length > 0);
	await soon('somebody is paged', () => vendors.pages.length > 0);
	await soon('the execution waits', async () => (await statuses()).includes('waiting'));
	await server.stop();
	happen('ended00000000000000000', 'concludeApplicationRecovery');
	server = await real.n8n.start(vendors.env);
	await soon('the end is told', () => vendors.messages.some((text) => text.startsWith('✅')));

	const by = 'application Checkout – Zürich ☁️. By U3vB6nM9qW2eR5tY8uI1oP at ';
	const [began, ended, told] = vendors.messages;
	expect(began).toContain(`🚨 startApplicationRecovery (success) on ${by}`);
	expect(ended).toContain(`🚨 concludeApplicationRecovery (success) on ${by}`);
	expect(told).toMatch(
		/^✅ The failover is concluded \(inferred\): concludeApplicationRecovery says so\. Checkout – Zürich ☁️ concluded, 111122223333 eu-central-1 → 444455556666 ap-northeast-1, RPO 15 min\. Begun at 2.*, ended at 2.*\. In between: concludeApplicationRecovery \(success\) by U3vB6nM9qW2eR5tY8uI1oP\.$/,
	);
	expect(vendors.messages).toHaveLength(3);
	expect(vendors.pages).toEqual([
		expect.objectContaining({
			title: 'startApplicationRecovery on application Checkout – Zürich ☁️',
			incident_key: 'began00000000000000000',
			urgency: 'high',
		}),
	]);
	await soon('nothing runs any more', async () => (await statuses()).every((status) => status === 'success'));
});
