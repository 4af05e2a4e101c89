import { startSandbox, type Sandbox } from '../../sandbox/scenario';

describe('the sandbox as a whole', () => {
	let sandbox: Sandbox;
	afterEach(() => sandbox.stop());

	const get = async (url: string, headers: Record<string, string>) => {
		const response = await fetch(url, { headers });
		return { status: response.status, body: (await response.json()) as Record<string, unknown[]> };
	};

	it('serves 17 events of each provider over HTTP', async () => {
		sandbox = await startSandbox();
		const { arpio, arcus, auditapi } = sandbox;
		const events = await get(`${arpio.url}/api/accounts/${arpio.accountId}/auditEvents`, { 'X-Api-Key': arpio.apiKey });
		expect(events.body['events']).toHaveLength(17);
		const entries = await get(`${arcus.url}/audit_log_entries`, { Authorization: `Bearer ${arcus.apiKey}` });
		expect(entries.body['data']).toHaveLength(17);
		const list = await get(`${auditapi.url}/events?limit=100`, { Authorization: `Bearer ${auditapi.apiKey}` });
		expect(list.body['data']).toHaveLength(17);
	});

	it('moves the fixture events in time without touching anything else', async () => {
		const newestAt = Date.UTC(2027, 0, 1);
		sandbox = await startSandbox({ newestAt });
		const newest = sandbox.arpio.api.log.all().at(-1)!;
		expect(newest.raw).toContain('"timestamp":"2027-01-01T00:00:00Z"');
		expect(sandbox.auditapi.api.log.all().some(({ raw }) => raw.includes('9007199254740993'))).toBe(true);
	});

	it('adds live events, starts a receiver, and stops', async () => {
		sandbox = await startSandbox({ live: { eventsPerSecond: 1000 }, receiver: true });
		const { arpio, arcus, auditapi, receiver } = sandbox;
		const count = () => [arpio, arcus, auditapi].reduce((sum, { api }) => sum + api.log.all().length, 0);
		while (count() < 54) await new Promise((resolve) => setTimeout(resolve, 1));
		expect(receiver?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
	});
});
