/** The webhook trigger of Arcus ERP, from its activation to its deactivation. */
import { readFileSync } from 'node:fs';
import { runtime } from '../../nodes/shared/runtime';
import { signed, type Delivery, type SimEndpoint } from '../../sandbox/arcus/webhooks';
import { arcusSandboxKey } from '../../sandbox/arcus/keys';
import { hook, type Hook } from './support/webhook';
import { createWorld, type World } from './support/world';

let world: World;
let trigger: Hook;
beforeEach(() => {
	world = createWorld();
	trigger = hook(world);
});

const endpoints = () => world.arcus.webhooks.endpoints;
const only = (): SimEndpoint => {
	expect(endpoints()).toHaveLength(1);
	return endpoints()[0]!;
};
const send = (type = 'order.confirmed', id?: string): Delivery[] =>
	world.arcus.webhooks.happen(world.clock.now(), { type, id });
const delivered = async (type?: string) => Promise.all(send(type).map((one) => trigger.receive(one)));

describe('activation', () => {
	it('registers the address for the families that are wanted, and their events start the workflow', async () => {
		trigger.parameters = { events: ['order.*'], options: { types: 'payment.failed, ,return.*' } };
		await trigger.activate();
		const events = ['order.*', 'payment.failed', 'return.*'];
		expect(only()).toMatchObject({ url: trigger.url, enabled_events: events, status: 'active', mode: 'live' });
		expect(await delivered('order.paid')).toMatchObject([
			{ status: 200, items: [{ type: 'order.paid', data: { object: { note: 'Grüße' } } }] },
		]);
		expect(await delivered('payment.received')).toEqual([]);
	});

	it('keeps the secret in static data, and in no item, message or line of the log', async () => {
		await trigger.activate();
		const { secret } = only();
		expect(JSON.stringify(trigger.staticData)).toContain(secret);
		const [received] = await delivered();
		trigger.parameters = { events: [] };
		const told = await trigger.activate().catch((error: Error) => error);
		await trigger.receive({ headers: {}, body: '{}' });
		expect(JSON.stringify([received, told, trigger.warnings])).not.toContain(secret);
	});

	it('reuses the endpoint the next time, also under another name', async () => {
		await trigger.activate();
		await trigger.deactivate();
		expect(only().status).toBe('disabled');
		trigger.node = { name: 'Renamed' };
		await trigger.activate();
		expect(only().status).toBe('active');
		expect(await delivered()).toMatchObject([{ status: 200 }]);
		expect(trigger.warnings).toEqual([]);
	});

	it('changes nothing where all is as it is wanted', async () => {
		await trigger.activate();
		const sent = world.requests.length;
		await trigger.activate();
		expect(world.requests.slice(sent).map(({ method }) => method)).toEqual(['GET']);
	});

	it('activates an endpoint again that failures have paused', async () => {
		await trigger.activate();
		for (let failures = 0; failures < 5; failures++) world.arcus.webhooks.answered(only(), 502);
		expect(only().status).toBe('paused');
		await trigger.activate();
		expect(only().status).toBe('active');
	});

	it('sends another address and other events to the endpoint that there is', async () => {
		await trigger.activate();
		trigger.url = 'https://other.example.com/webhook/w1/webhook';
		trigger.parameters = { events: ['return.*', '*'] };
		await trigger.activate();
		expect(only()).toMatchObject({ url: trigger.url, enabled_events: ['*'] });
	});

	it('registers a new one where the old one is gone', async () => {
		await trigger.activate();
		const kept = JSON.stringify(trigger.staticData).replace(only().id, 'we_gone');
		trigger.staticData = JSON.parse(kept) as Hook['staticData'];
		await trigger.activate();
		expect(endpoints()).toHaveLength(2);
	});

	it('registers a new one where a paused one cannot be changed, and says that the old one stays', async () => {
		await trigger.activate();
		for (let failures = 0; failures < 5; failures++) world.arcus.webhooks.answered(only(), 502);
		world.arcus.switches.webhookStatus = 'read-only';
		await trigger.activate();
		expect(endpoints().map(({ status }) => status)).toEqual(['paused', 'active']);
		expect(trigger.warnings.join()).toMatch(/we_\w+ stays registered in Arcus ERP: it is paused and cannot be changed/);
	});

	it('registers one of its own for another account, and leaves the other one alone', async () => {
		await trigger.activate();
		trigger.node = { credentials: { arcusErpApi: { id: 'credential-2', name: 'Other' } } };
		await trigger.activate();
		expect(endpoints()).toHaveLength(2);
		expect(trigger.warnings.join()).toMatch(/stays registered in Arcus ERP: the credential is of another account/);
	});

	it('takes test events with a test key', async () => {
		world.credentials.arcusErpApi!.apiKey = 'ark_test_ent_sandbox_notARealKey';
		await trigger.activate().catch(() => undefined);
		expect(JSON.parse(world.requests.at(-1)!.body as string)).toMatchObject({ mode: 'test' });
	});

	it.each([
		['http://localhost:5678/webhook/w1/webhook', /https addresses only, and this n8n calls itself http:\/\/localhost/],
		['', /calls itself nothing/],
	])('says what to do where n8n has the address %j', async (url, message) => {
		trigger.url = url;
		await expect(trigger.activate()).rejects.toThrow(message);
		expect(world.requests).toEqual([]);
	});

	it('names the scope that the key lacks', async () => {
		(arcusSandboxKey.scopes as string[]).splice(1);
		try {
			await expect(trigger.activate()).rejects.toMatchObject({
				description: expect.stringMatching(/scope webhooks:manage/) as string,
			});
		} finally {
			(arcusSandboxKey.scopes as string[]).push('webhooks:manage');
		}
	});
});

describe('deactivation', () => {
	it('disables the endpoint', async () => {
		await trigger.activate();
		await trigger.deactivate();
		expect(only().status).toBe('disabled');
		expect(send()).toEqual([]);
		expect(trigger.warnings).toEqual([]);
	});

	it.each<[string, () => void]>([
		['the service refuses it', () => (world.arcus.switches.webhookStatus = 'read-only')],
		['the service is down', () => (world.interfere = () => 'ECONNREFUSED')],
	])('says that the endpoint stays where %s', async (_why, fault) => {
		await trigger.activate();
		fault();
		await trigger.deactivate();
		expect(only().status).toBe('active');
		expect(trigger.warnings.join()).toContain(`the webhook endpoint ${only().id} stays registered in Arcus ERP`);
	});
});

describe('a request', () => {
	beforeEach(() => trigger.activate());

	const altered = (change: (delivery: { headers: Record<string, string>; body: string }) => void) => {
		const [{ headers, body } = { headers: {}, body: '' }] = send();
		const delivery = { headers: { ...headers }, body };
		change(delivery);
		return trigger.receive(delivery);
	};

	it.each<[string, Parameters<typeof altered>[0]]>([
		['without a signature', ({ headers }) => delete headers['arcus-signature']],
		['with another body', (delivery) => (delivery.body = delivery.body.replace('confirmed', 'cancelled'))],
		[
			'with another time',
			({ headers }) => (headers['arcus-signature'] = headers['arcus-signature']!.replace(/t=\d/, 't=2')),
		],
		[
			'signed by somebody else',
			(delivery) => (delivery.headers = signed('whsec_other', delivery.body, world.clock.now())),
		],
		['with a signature of nothing', ({ headers }) => (headers['arcus-signature'] = 't=,v1=')],
		[
			'with a short signature',
			({ headers }) => (headers['arcus-signature'] = headers['arcus-signature']!.slice(0, -2)),
		],
	])('%s is refused', async (_what, change) => {
		expect(await altered(change)).toEqual({ status: 401, items: [] });
		expect(trigger.warnings.join()).toMatch(/a request was refused, because/);
	});

	it('is taken within five minutes of its signature, either way, and refused after', async () => {
		const [early] = send();
		world.clock.advance(-299_000);
		expect(await trigger.receive(early!)).toMatchObject({ status: 200, items: [{ type: 'order.confirmed' }] });
		const [late, tooLate] = [...send(), ...send()];
		world.clock.advance(299_000);
		expect((await trigger.receive(late!)).items).toHaveLength(1);
		world.clock.advance(2000);
		expect(await trigger.receive(tooLate!)).toEqual({ status: 401, items: [] });
		expect(trigger.warnings.join()).toMatch(/signed more than five minutes ago/);
	});

	it('that comes again starts nothing, and is answered as received', async () => {
		const [first] = send('order.paid', 'evt_1');
		expect((await trigger.receive(first!)).items).toHaveLength(1);
		expect(await trigger.receive(first!)).toEqual({ status: 200, items: [] });
		world.clock.advance(60_000);
		const [again] = send('order.paid', 'evt_1');
		expect(await trigger.receive(again!)).toEqual({ status: 200, items: [] });
		for (let events = 0; events < 50; events++) await trigger.receive(send()[0]!);
		world.clock.advance(3_600_000);
		await trigger.receive(send()[0]!);
		expect(runtime.received.size).toBe(1);
	});

	it('has one right signature among several, in any order', async () => {
		expect(
			await altered(({ headers }) => {
				const [t, v1] = headers['arcus-signature']!.split(',');
				headers['arcus-signature'] = `v1=${'0'.repeat(64)}, v0=x, ${v1}, ${t}`;
			}),
		).toMatchObject({ status: 200, items: [{}] });
	});

	it('is refused where the secret is not known', async () => {
		const [delivery] = send();
		trigger.staticData = {};
		expect(await trigger.receive(delivery!)).toEqual({ status: 401, items: [] });
		expect(trigger.warnings.join()).toMatch(/secret of the endpoint is not known/);
	});

	it("has a signature like the one in the vendor's documentation", async () => {
		const path = 'sandbox/fixtures/arcus-webhook-delivery.json';
		const { secret, headers, rawBody } = JSON.parse(readFileSync(path, 'utf8')) as {
			secret: string;
			headers: Record<string, string>;
			rawBody: string;
		};
		const kept = JSON.stringify(trigger.staticData).replace(only().secret, secret);
		trigger.staticData = JSON.parse(kept) as Hook['staticData'];
		world.clock.advance(1_770_802_260_000 - world.clock.now());
		const { items } = await trigger.receive({ headers, body: rawBody });
		expect(items).toEqual([JSON.parse(rawBody)]);
	});
});
