/** What the editor asks a running n8n for: credential tests, the lists behind a pick, and the end of a run that waits. */
import { credential, credentialsFor, type Credential } from '../support/credentials';
import { scene } from '../support/scene';
import type { Server } from '../support/server';
import { manual } from '../support/workflow';
import { until } from '../../support/wait';
import { action } from './action';

const SECRET = 'n0t-the-right-0ne';

const real = scene({
	credentials: (sandbox) => credentialsFor(sandbox).map((right) => ({ ...broken(right), id: `${right.type}Wrong` })),
});

/** The same credential with a wrong key. */
function broken(right: Credential): Credential {
	const key = right.type === 'otlpApi' ? { secretHeaders: `authorization=${SECRET}` } : { apiKey: SECRET };
	return { ...right, data: { ...right.data, ...key } };
}

let server: Server;

beforeAll(async () => {
	server = await real.n8n.start();
});

describe('the test of a credential', () => {
	const test = (tested: Credential) =>
		server.rest<{ status: string; message: string }>('POST', '/credentials/test', { credentials: tested });
	const types = ['arpioApi', 'arcusErpApi', 'auditApi', 'otlpApi'];
	const right = (type: string) => credentialsFor(real.sandbox).find((one) => one.type === type)!;

	it.each(types)('%s succeeds', async (type) => {
		expect(await test(right(type))).toMatchObject({ status: 'OK' });
	});

	it.each(types)('%s shows that the key is wrong', async (type) => {
		real.sandbox.receiver!.setAnswers((_number, { headers }) =>
			headers.authorization === SECRET ? { kind: 'status', status: 401 } : undefined,
		);
		const answer = await test({ ...broken(right(type)), id: `${type}Wrong` });
		real.sandbox.receiver!.setAnswers(undefined);
		expect(answer.status).toBe('Error');
		expect(answer.message).toMatch(/^(Arpio|Arcus ERP|AuditAPI|The receiver) did not accept the (API )?key\. /);
		expect(answer.message).not.toContain(SECRET);
	});

	it.each([
		['arpioApi', { accountId: 'nosuch' }, /does not know this account ID/],
		['arcusErpApi', { entityId: 'nosuch' }, /no audit log at this base URL/],
		['auditApi', { baseUrl: '/v2' }, /no events at this base URL/],
		['otlpApi', { endpoint: '/otlp' }, /knows no \/v1\/logs/],
	])('%s shows what else may be wrong', async (type, wrong: Record<string, string>, message) => {
		const { data, ...rest } = right(type);
		// paths are under the address of the sandbox
		const changed = Object.entries(wrong).map(([name, value]) => [
			name,
			value.startsWith('/') ? new URL(value, String(data[name])).href : value,
		]);
		const answer = await test({ ...rest, data: { ...data, ...(Object.fromEntries(changed) as object) } });
		expect(answer).toMatchObject({ status: 'Error', message: expect.stringMatching(message) as string });
	});

	it('shows an address where nothing listens', async () => {
		const dead = { baseUrl: 'http://127.0.0.1:9' };
		const answer = await test({ ...right('arcusErpApi'), data: { ...right('arcusErpApi').data, ...dead } });
		expect(answer).toMatchObject({ status: 'Error' });
	});

	it('of OTLP sends a request without a record', async () => {
		await test(right('otlpApi'));
		const { method, url, headers, body, records } = real.sandbox.receiver!.requests.at(-1)!;
		expect([method, url, headers['content-type']]).toEqual(['POST', '/v1/logs', 'application/x-protobuf']);
		expect([...body]).toEqual([0x0a, 0x00]);
		expect(records).toEqual([]);
	});

	it('takes addresses with slashes at the end', async () => {
		for (const type of types) {
			const { data, ...rest } = right(type);
			const address = type === 'otlpApi' ? 'endpoint' : 'baseUrl';
			const sloppy = credential(type, rest.name, { ...data, [address]: ` ${String(data[address])}/ ` });
			expect([type, await test(sloppy)]).toEqual([type, expect.objectContaining({ status: 'OK' })]);
		}
	});
});

describe('the list behind a pick', () => {
	const search = (type: string, method: string, more: Record<string, unknown> = {}) => {
		const id = { arpio: 'arpioApi', arpioTrigger: 'arpioApi', arcusErp: 'arcusErpApi', auditApi: 'auditApi' }[type]!;
		return server.rest<{ results: { name: string; value: string }[]; paginationToken?: string }>(
			'POST',
			'/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.x',
				methodName: method,
				nodeTypeAndVersion: { name: `n8n-nodes-audit-relay.${type}`, version: 1 },
				credentials: { [id]: { id, name: id } },
				currentNodeParameters: {},
				...more,
			},
		);
	};

	it('shows applications by name', async () => {
		const { results } = await search('arpio', 'searchApplications');
		expect(results.map(({ value }) => value).sort()).toEqual(['Jk2lMn4bVc6xZa8sDf0gHj', 'Zt5wQe8rUy1iOp3aSd6fGh']);
		expect(await search('arpio', 'searchApplications', { filter: 'ledg' })).toMatchObject({
			results: [{ name: 'Ledger', value: 'Jk2lMn4bVc6xZa8sDf0gHj' }],
		});
		expect(await search('arpioTrigger', 'searchApplications')).toMatchObject({ results });
	});

	it('finds entries and events by words', async () => {
		const entries = await search('arcusErp', 'searchEntries', { filter: 'SO-001042' });
		expect(entries.results.length).toBeGreaterThan(0);
		for (const { name } of entries.results) expect(name).toMatch(/^order\.\S+ · 2026-/);
		const events = await search('auditApi', 'searchEvents', { filter: 'dr.failover*' });
		expect(events.results.length).toBeGreaterThan(0);
		for (const { name } of events.results) expect(name).toMatch(/^dr\.failover\S* · 2026-/);
	});
});

it('ends a run at once that waits for a provider, when somebody stops it', async () => {
	const { arcus } = real.sandbox;
	const flow = manual('waiting', action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll'));
	await server.rest('POST', '/workflows', flow);
	arcus.server.setFaults(() => ({ kind: 'throttled', retryAfter: { seconds: 50 } }));
	const asked = arcus.server.requests.length;
	const body = { workflowData: flow, triggerToStartFrom: { name: 'Start' } };
	const { executionId } = await server.rest<{ executionId: string }>('POST', `/workflows/${flow.id}/run`, body);
	await until('the node was told to wait', () => arcus.server.requests.length > asked);
	await server.rest('POST', `/executions/${executionId}/stop`);
	const status = async () => (await server.rest<{ status: string }>('GET', `/executions/${executionId}`)).status;
	await until('the run has ended', async () => (await status()) === 'canceled', 5_000);
	arcus.server.setFaults(undefined);
	expect(arcus.server.requests.length).toBe(asked + 1);
});
