/** What goes wrong around an operation in a real n8n: wrong credentials, items that fail, and providers that say "not now". */
import type { Fault, FaultPlan } from '../../../../sandbox/faults';
import { credential } from '../support/credentials';
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { items, node } from '../support/workflow';
import { action, eventsOf, picked } from './action';

const SECRET = 'n0t-the-right-0ne';

const wrong = (type: string) => ({ credentials: { [type]: { id: `${type}Wrong`, name: 'Wrong' } } });

const real = scene({
	credentials: ({ arpio, arcus, auditapi, receiver }) => [
		credential(
			'arpioApi',
			'Wrong',
			{ apiKey: `sandboxArpioKeyId00000:${SECRET}`, accountId: arpio.accountId, baseUrl: arpio.url },
			'arpioApiWrong',
		),
		credential('arcusErpApi', 'Wrong', { apiKey: `ark_live_ent_${SECRET}`, baseUrl: arcus.url }, 'arcusErpApiWrong'),
		credential('auditApi', 'Wrong', { apiKey: SECRET, baseUrl: auditapi.url }, 'auditApiWrong'),
		credential(
			'otlpApi',
			'Wrong',
			{ preset: 'collector', endpoint: receiver!.url, secretHeaders: `authorization=${SECRET}` },
			'otlpApiWrong',
		),
	],
});

describe('a wrong key', () => {
	const runs: Record<string, Run> = {};

	beforeAll(async () => {
		real.sandbox.receiver!.setAnswers((_number, { headers }) =>
			headers.authorization === SECRET ? { kind: 'status', status: 401, body: 'no' } : undefined,
		);
		const all = {
			Arpio: [action('Arpio', 'arpio', 'auditEvent.getAll', {}, wrong('arpioApi'))],
			'Arcus ERP': [action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll', {}, wrong('arcusErpApi'))],
			AuditAPI: [action('AuditAPI', 'auditApi', 'event.getAll', {}, wrong('auditApi'))],
			'The OTLP receiver': [node('OTLP Logs', 'otlpLogs', { mapping: 'manual', body: 'lost' }, wrong('otlpApi'))],
		};
		const ended = await real.runEach(...Object.values(all));
		for (const [index, name] of Object.keys(all).entries()) runs[name] = ended[index]!;
		real.sandbox.receiver!.setAnswers(undefined);
	});

	it.each(['Arpio', 'Arcus ERP', 'AuditAPI', 'The OTLP receiver'])(
		'stops the run of %s with what to do, and is not a reason to try again',
		(name) => {
			expect(runs[name]!.error).toMatchObject({
				name: 'NodeApiError',
				message: `${name} did not accept the API key`,
				description: expect.stringMatching(/^Check the key in the credential: .* status 401/) as string,
				httpCode: '401',
				failure: { cause: 'credential-invalid' },
			});
			expect(JSON.stringify(runs[name]!.raw)).not.toContain(SECRET);
		},
	);
});

describe('an item that fails', () => {
	const APP = 'Zt5wQe8rUy1iOp3aSd6fGh';
	const OTHER = 'Jk2lMn4bVc6xZa8sDf0gHj';
	const onError = { onError: 'continueRegularOutput' };
	let run: Run;

	beforeAll(async () => {
		const [entry, another] = eventsOf(real.sandbox.arcus.api);
		const [event, last] = eventsOf(real.sandbox.auditapi.api);
		const ids = [
			{ app: APP, entry: entry!['id'], event: event!['id'] },
			{ app: 'nosuch', entry: 'b0000000-0000-4000-8000-000000000000', event: 'b0000000-0000-4000-8000-000000000000' },
			{ app: OTHER, entry: another!['id'], event: last!['id'] },
		];
		const application = picked('={{ $json.app }}');
		run = await real.run(items('Items', ...ids), [
			action('Arpio', 'arpio', 'application.get', { application }, onError),
			action('Arcus ERP', 'arcusErp', 'auditLogEntry.get', { entry: picked('={{ $json.entry }}') }, onError),
			action('AuditAPI', 'auditApi', 'event.get', { event: picked('={{ $json.event }}') }, onError),
			action('Two Outputs', 'arpio', 'application.get', { application }, { onError: 'continueErrorOutput' }),
			node(
				'OTLP Logs',
				'otlpLogs',
				{ mapping: 'manual', body: 'x', severity: '={{ $json.app === "nosuch" ? 99 : 9 }}' },
				onError,
			),
		]);
	});

	it.each(['Arpio', 'Arcus ERP', 'AuditAPI'])('does not stop the others of %s, and is linked like them', (name) => {
		expect(run.error).toBeUndefined();
		const output = run.items(name);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(output.map(({ json }) => 'error' in json)).toEqual([false, true, false]);
		expect(output[1]!.json).toEqual({
			error: expect.stringMatching(
				new RegExp(`^${name} does not know what was asked for. Check the ID.* status 404`),
			) as string,
		});
	});

	it('goes to the error output where there is one', () => {
		expect(run.json('Two Outputs').map(({ appId }) => appId)).toEqual([APP, OTHER]);
		expect(run.json('Two Outputs', 1)).toEqual([
			expect.objectContaining({ error: expect.stringContaining('does not know what was asked for') as string }),
		]);
	});

	it('is a rejected one when it cannot be shipped', () => {
		expect(run.items('OTLP Logs').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(run.json('OTLP Logs', 1)).toEqual([
			expect.objectContaining({
				app: 'nosuch',
				rejection: { reason: expect.stringContaining('not an OpenTelemetry severity') as string, certain: true },
			}),
		]);
	});
});

describe('a storm of refusals', () => {
	const soon = (): Fault => ({ kind: 'throttled', retryAfter: { date: Date.now() + 1000 } });
	/** Every other request, and the very first ones, so that waits follow one another. */
	const storm: FaultPlan = (number) =>
		number % 2 === 1 || number < 3
			? number % 3 === 0
				? soon()
				: { kind: 'throttled', retryAfter: { seconds: 1 } }
			: undefined;
	const everything = { returnAll: true, simplify: false };

	it('costs time, but no event', async () => {
		const { arpio, arcus, auditapi } = real.sandbox;
		const before = [arpio, arcus, auditapi].map(({ server }) => server.requests.length);
		for (const [index, { server }] of [arpio, arcus, auditapi].entries()) {
			server.setFaults((number, request) => storm(number - before[index]!, request));
		}
		const run = await real.run([
			action('Arpio', 'arpio', 'auditEvent.getAll', { ...everything, options: { pageSize: 6 } }),
			action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll', {
				...everything,
				options: { pageSize: 10, expand: ['actor', 'chain', 'diff', 'resource'] },
			}),
			action('AuditAPI', 'auditApi', 'event.getAll', { ...everything, options: { pageSize: 10 } }),
		]);
		for (const { server } of [arpio, arcus, auditapi]) server.setFaults(undefined);
		expect(run.error).toBeUndefined();
		expect(run.json('Arpio')).toEqual(eventsOf(arpio.api));
		expect(run.json('Arcus ERP')).toEqual(eventsOf(arcus.api).reverse());
		expect(run.json('AuditAPI')).toEqual(eventsOf(auditapi.api).reverse());
		for (const name of ['Arpio', 'Arcus ERP', 'AuditAPI']) expect(run.took(name)).toBeGreaterThan(2000);
	});

	it('that does not end stops the run, with how long to wait', async () => {
		real.sandbox.arcus.server.setFaults(() => ({ kind: 'throttled', retryAfter: { seconds: 90 } }));
		const run = await real.run(action('Arcus ERP', 'arcusErp', 'auditLogEntry.getAll', { options: { retries: 0 } }));
		real.sandbox.arcus.server.setFaults(undefined);
		expect(run.error).toMatchObject({
			message: 'Arcus ERP allows no more requests for now',
			description: expect.stringMatching(/^Try again in 90 s/) as string,
			httpCode: '429',
			failure: { cause: 'rate-limited', retryAfterMs: 90_000 },
		});
	});
});
