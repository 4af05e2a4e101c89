/** Arpio's events name applications by their ids; the items have the names too. */
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { ArpioTrigger } from '../../nodes/Arpio/ArpioTrigger.node';
import { arpioEvent } from '../../sandbox/arpio/events';
import { rows } from './support/context';
import { ids } from './support/operations';
import { poller, type Poller } from './support/poller';
import { createWorld, type World } from './support/world';

const NAME = 'Checkout – Zürich ☁️';

let world: World;
beforeEach(() => (world = createWorld()));

const events = (more: IDataObject = {}) =>
	rows(world, new Arpio(), {
		resource: 'auditEvent',
		operation: 'getAll',
		filters: { type: 'startApplicationRecovery' },
		...more,
	} as never);
const lookUps = () => world.requests.filter(({ url }) => url.endsWith('/applications')).length;

let made = 0;
const recovery = (appId?: string) => {
	const id = `named${String(made++).padStart(17, '0')}`;
	const micros = world.clock.now() * 1000;
	world.logs.arpio.add(arpioEvent({ id, micros, access: 'write', type: 'startApplicationRecovery', appId }));
	return id;
};

it('has the name in a simplified event and in a whole one, and the text as received', async () => {
	const [short] = await events();
	expect(short).toMatchObject({ target: `application ${NAME}` });
	const [whole] = await events({ simplify: false, options: { includeRaw: true } });
	const { resources, raw } = whole as { resources: object[]; raw: string };
	expect(resources[0]).toEqual({ type: 'application', id: ids.application, name: NAME });
	expect(raw).not.toContain(NAME);
});

it('asks once in ten minutes, for all nodes and triggers of a credential', async () => {
	const trigger = poller(world, new ArpioTrigger(), {});
	await trigger.poll();
	for (let minute = 0; minute < 9; minute++) {
		await events();
		recovery();
		world.clock.advance(60_000);
		expect(await trigger.poll()).toMatchObject([{ target: `application ${NAME}` }]);
	}
	expect(lookUps()).toBe(1);
	world.clock.advance(120_000);
	await events();
	expect(lookUps()).toBe(2);
});

it('asks for nothing where no event is about an application', async () => {
	await events({ filters: { type: 'noSuchType' } });
	expect(lookUps()).toBe(0);
});

it('leaves the id of an application that is gone, and looks for it again after a minute at the earliest', async () => {
	const gone = 'GoneGoneGoneGoneGone22';
	recovery(gone);
	const about = async () => (await events()).find(({ target }) => target === `application ${gone}`);
	expect(await about()).toBeDefined();
	expect(await about()).toBeDefined();
	expect(lookUps()).toBe(1);
	world.clock.advance(61_000);
	await about();
	expect(lookUps()).toBe(2);
});

describe('names that cannot be read hold no event up', () => {
	let trigger: Poller;
	beforeEach(async () => {
		trigger = poller(world, new ArpioTrigger(), {});
		await trigger.poll();
	});

	it.each([
		['are refused', { status: 403, body: '{"message":"Access denied"}' }],
		['are behind a server that is down', { status: 500, body: '' }],
		['come as a page that is not a list', { status: 200, body: '<html>' }],
		['are put off for an hour', { status: 429, headers: { 'retry-after': '3600' }, body: '' }],
	])('when they %s', async (_what, reply) => {
		world.interfere = (_number, { url }) => (url.endsWith('/applications') ? reply : undefined);
		const id = recovery();
		world.clock.advance(60_000);
		const start = world.clock.now();
		expect(await trigger.poll()).toMatchObject([{ id, target: `application ${ids.application}` }]);
		expect(lookUps()).toBe(1);
		expect(world.clock.now() - start).toBeLessThan(10_000);
	});

	it('when they hang', async () => {
		const { request } = world;
		const hangs = (options: IHttpRequestOptions) =>
			new Promise<never>((_resolve, reject) => {
				(options.abortSignal as AbortSignal).addEventListener('abort', () => reject(new Error('aborted')), {
					once: true,
				});
				world.clock.advance(60_000);
			});
		world.request = (type, options) =>
			options.url.endsWith('/applications') ? hangs(options) : request(type, options);
		const id = recovery();
		world.clock.advance(60_000);
		expect(await trigger.poll()).toMatchObject([{ id, target: `application ${ids.application}` }]);
	});

	it('and one that was known stays', async () => {
		recovery();
		world.clock.advance(60_000);
		await trigger.poll();
		world.interfere = (_number, { url }) => (url.endsWith('/applications') ? { status: 500, body: '' } : undefined);
		recovery();
		world.clock.advance(11 * 60_000);
		expect(await trigger.poll()).toMatchObject([{ target: `application ${NAME}` }]);
		expect(lookUps()).toBe(2);
	});
});
