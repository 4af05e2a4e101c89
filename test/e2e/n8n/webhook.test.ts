/** The webhook trigger of Arcus ERP in a running n8n, from its activation over a restart to its deactivation. */
import { signed, type Delivery } from '../../../sandbox/arcus/webhooks';
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { until } from '../support/wait';
import { credentialsFor } from './support/credentials';
import { createInstance, installN8n, type Instance } from './support/instance';
import type { Server } from './support/server';
import { node, workflow } from './support/workflow';

installN8n();

const FLOW = 'webhook';
const TRIGGER = 'Arcus ERP Webhook Trigger';
/** The API takes https addresses only. Nothing is sent there: the test is the network. */
const PUBLIC = 'https://n8n.example.com/';

let sandbox: Sandbox;
let n8n: Instance;
let server: Server;

beforeAll(async () => {
	sandbox = await startSandbox();
	n8n = createInstance({ env: { WEBHOOK_URL: PUBLIC } });
	await n8n.importCredentials(credentialsFor(sandbox));
	const trigger = node(TRIGGER, 'arcusErpWebhookTrigger', { events: ['order.*'] }, { webhookId: 'arcus-orders' });
	await n8n.importWorkflows(workflow(FLOW, trigger, node('End', 'n8n-nodes-base.noOp')));
	server = await n8n.start();
	await server.activate(FLOW);
	await until('the endpoint is registered and its secret stored', isStored, 60_000, server.output);
});
afterAll(async () => {
	await n8n?.end();
	await sandbox?.stop();
});

/** n8n stores what a trigger keeps when the activation has ended, and refuses deliveries before. */
const isStored = async () => {
	const [endpoint] = endpoints();
	return endpoint !== undefined && JSON.stringify(await server.staticData(FLOW)).includes(endpoint.secret);
};
const endpoints = () => sandbox.arcus.api.webhooks.endpoints;
const happen = (type: string, id?: string) => sandbox.arcus.api.webhooks.happen(Date.now(), { type, id });
const post = async ({ endpoint, headers, body }: Delivery) => {
	const url = endpoint.url.replace(PUBLIC, `${server.url}/`);
	const { status } = await fetch(url, { method: 'POST', headers, body });
	sandbox.arcus.api.webhooks.answered(endpoint, status);
	return status;
};
const received = async () => {
	const runs = (await server.runs(FLOW)).filter(({ status }) => status === 'success');
	return runs.flatMap((run) => run.json('End'));
};
const arrived = (count: number) =>
	until(
		`${count} events have started the workflow`,
		async () => (await received()).length === count,
		60_000,
		server.output,
	);

test('an event starts the workflow, with its text to the byte, and no secret goes with it', async () => {
	const [delivery] = happen('order.created', 'evt_1');
	expect(await post(delivery!)).toBe(200);
	await arrived(1);
	const items = await received();
	expect(items).toEqual([JSON.parse(delivery!.body)]);
	expect(JSON.stringify(items)).not.toContain(delivery!.endpoint.secret);
	expect(JSON.stringify(await server.staticData(FLOW))).toContain(delivery!.endpoint.secret);
});

test('a wrong signature, an old one and an event that was received before start nothing', async () => {
	const [delivery] = happen('order.paid');
	const { body } = delivery!;
	expect(await post({ ...delivery!, headers: signed('whsec_other', body, Date.now()) })).toBe(401);
	const old = signed(delivery!.endpoint.secret, body, Date.now() - 301_000);
	expect(await post({ ...delivery!, headers: old })).toBe(401);
	expect(await post(happen('order.created', 'evt_1')[0]!)).toBe(200);
	expect(await post(delivery!)).toBe(200);
	await arrived(2);
	expect((await received()).map(({ type }) => type)).toEqual(['order.created', 'order.paid']);
	expect(server.output()).toMatch(/a request was refused, because its signature is wrong/);
});

test('deactivation disables the endpoint, and the next activation uses it again', async () => {
	await anew();
	expect(await post(happen('order.confirmed')[0]!)).toBe(200);
	await arrived(3);
});

test('failures pause the endpoint while n8n is away, and the next activation activates the same one', async () => {
	await server.kill();
	for (let failures = 0; failures < 5; failures++) sandbox.arcus.api.webhooks.answered(endpoints()[0]!, 502);
	expect(endpoints()[0]!.status).toBe('paused');
	server = await n8n.start();
	await anew();
	expect(await post(happen('order.voided')[0]!)).toBe(200);
	await arrived(4);
});

async function anew(): Promise<void> {
	const is = (status: string) =>
		until(`the endpoint is ${status}`, () => endpoints()[0]!.status === status, 60_000, server.output);
	await server.deactivate(FLOW);
	await is('disabled');
	await server.activate(FLOW);
	await is('active');
	expect(endpoints()).toHaveLength(1);
}

test('says that the endpoint stays where Arcus ERP does not disable it', async () => {
	sandbox.arcus.api.switches.webhookStatus = 'read-only';
	await server.deactivate(FLOW);
	const says = () => server.output().includes(`${endpoints()[0]!.id} stays registered in Arcus ERP`);
	await until('n8n has said so', says, 60_000, server.output);
});
