/** A source whose provider is a declaration of the user, against its simulated API over HTTP: `check` and `preview` as with any other. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { starterPages, starterText } from '../../../forwarder/cli/provider/starter';
import { loadDeclaration } from '../../../forwarder/config/declarations';
import { declaredApi, type DeclaredApi } from '../../../sandbox/declared/api';
import { get, type Json } from '../../../sandbox/declared/places';
import { startReceiver, type Receiver } from '../../../sandbox/receiver';
import { serve, type SimServer } from '../../../sandbox/server';
import { scratchFolder } from '../../support/scratch';
import { addRun } from '../../../forwarder/cli/run/run';
import { runCli } from './runCli';

const KEY = 'canary-key';

let siem: Receiver;
let server: SimServer | undefined;
let api: DeclaredApi;
let config: string;

beforeAll(async () => {
	siem = await startReceiver();
	const folder = scratchFolder();
	const file = join(folder, 'acme.provider.yaml');
	await writeFile(file, starterText('acme', 'Acme'));
	const [page] = starterPages;
	api = declaredApi({
		declaration: await loadDeclaration(file),
		clock: { now: () => Date.now() },
		settings: { organization: 'my-org' },
		secrets: { apiKey: KEY },
		examples: get(JSON.parse(page!), 'data') as Json[],
	});
	server = await serve(api);
	for (let n = 0; n < 250; n++) api.log.add(api.maker.event(n, (Date.now() - 3_600_000 + n * 1000) * 1000));
	config = join(folder, 'audit-relay.yaml');
	await writeFile(
		config,
		`destinations: [{ name: siem, endpoint: "${siem.url}" }]
sources:
  - { name: acme, provider: ./acme.provider.yaml, baseUrl: "${server.url}", organization: my-org, apiKey: "\${env:KEY}", start: 1d, rateLimit: { requestsPerMinute: 6000 } }
`,
	);
});

afterAll(async () => {
	await siem.close();
	await server?.close();
});

test('check: the key, the clock, the order of the list and the budget', async () => {
	const { code, out } = await runCli(['check', '-c', config], { env: { KEY } });
	expect(out).toContain('Acme answers; 100 events on the first page of the last 24 hours');
	expect(out).toMatch(/✓ {2}source acme +page order +oldest first/);
	expect(code).toBe(0);
});

test('check: a wrong key is told without the key', async () => {
	const { code, out, err } = await runCli(['check', '-c', config], { env: { KEY: 'canary-wrong' } });
	expect(code).toBe(1);
	expect(out).toMatch(/✗ {2}source acme +credentials +GET \/v1\/my-org\/events: status 401/);
	expect(out).toContain('check the environment variable KEY');
	expect(out + err).not.toContain('canary');
});

test('preview: events as they would be shipped', async () => {
	const { code, out } = await runCli(['preview', '-c', config, '--json', '-n', '3'], { env: { KEY } });
	expect(code).toBe(0);
	const records = out
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { eventName: string; body: string; attributes: Json });
	expect(records).toHaveLength(3);
	expect(records.map(({ eventName }) => eventName)).toContain('acme.user.login');
	const texts = api.log.all().map(({ raw }) => raw);
	for (const { body } of records) expect(texts).toContain(body);
	expect(api.complaints).toEqual([]);
});

test('run --once: every event arrives once, page after page', async () => {
	const { code } = await runCli(['run', '--once', '-c', config], { env: { KEY } }, [addRun]);
	expect(code).toBe(0);
	const bodies = siem.stored.flatMap(({ body }) => (typeof body === 'string' ? [body] : []));
	expect(bodies.filter((body) => body.includes('event-')).sort()).toEqual(
		api.log
			.all()
			.map(({ raw }) => raw)
			.sort(),
	);
	expect(api.complaints).toEqual([]);
});
