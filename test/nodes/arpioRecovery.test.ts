/** Recovery › Get Status: looks once at the log from the beginning on. */
import type { IDataObject } from 'n8n-workflow';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { arpioEvent, type ArpioEventFields } from '../../sandbox/arpio/events';
import { execute, rows } from './support/context';
import { ids } from './support/operations';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;

let world: World;
let begun: { eventId: string; eventTime: string };
beforeEach(() => {
	world = createWorld();
	begun = { eventId: happen('startApplicationRecovery'), eventTime: new Date(world.clock.now()).toISOString() };
});

let made = 0;
function happen(type: string, more: Partial<ArpioEventFields> = {}): string {
	const id = `status${String(made++).padStart(16, '0')}`;
	const micros = Math.round(world.clock.now() * 1000);
	world.logs.arpio.add(arpioEvent({ id, micros, access: 'write', type, ...more }));
	return id;
}

const status = async (more: IDataObject = {}) => {
	const [row] = await rows(world, new Arpio(), {
		resource: 'recovery',
		operation: 'getStatus',
		...begun,
		...more,
	} as never);
	return row!;
};

/** n8n's expressions are JavaScript. */
function evaluated(code: string, $json: IDataObject): unknown {
	// eslint-disable-next-line @typescript-eslint/no-implied-eval
	const evaluate = new Function('$json', `return (${code})`) as (json: IDataObject) => unknown;
	return evaluate($json);
}

it('runs until an event tells of the end, and says what happened in between', async () => {
	expect(await status()).toMatchObject({
		id: begun.eventId,
		time: '2026-02-11T16:00:00.000000Z',
		state: 'running',
		inferred: true,
		reason: 'No event tells of an end.',
		kind: 'failover',
		action: 'startApplicationRecovery',
		endedAt: null,
		applications: [
			{
				id: ids.application,
				name: 'Checkout – Zürich ☁️',
				state: 'running',
				source: '111122223333 eu-central-1',
				target: '444455556666 ap-northeast-1',
				rpo: 900,
			},
		],
		between: [],
	});
	world.clock.advance(10 * MINUTE);
	happen('updateApplication');
	world.clock.advance(10 * MINUTE);
	happen('getApplicationResourceStatusChanges', { access: 'read' });
	happen('concludeApplicationRecovery');
	const ended = await status();
	expect(ended).toMatchObject({ state: 'concluded', inferred: true, endedAt: '2026-02-11T16:20:00.000000Z' });
	const between = ended.between as IDataObject[];
	expect(between.map(({ action, phase, inferred }) => [action, phase, inferred])).toEqual([
		['updateApplication', 'other', false],
		['concludeApplicationRecovery', 'concluded', true],
	]);
	expect(between[0]).toMatchObject({ target: 'application Checkout – Zürich ☁️' });
});

it('finds the beginning although the time was cut to milliseconds, on every page of the log', async () => {
	for (let n = 0; n < 30; n++) happen('updateApplication', { appId: 'another' });
	happen('applicationRecoveryFailed');
	const found = await status({ options: { pageSize: 7 } });
	expect(found.state).toBe('failed');
	expect(world.requests.filter(({ url }) => url.includes('nextToken')).length).toBeGreaterThan(3);
	world.arpio.switches.order = 'shuffled';
	expect(await status({ options: { pageSize: 7 } })).toMatchObject({ state: 'failed' });
});

it('takes the event from an item of the node or the trigger, and from its own', async () => {
	const { properties } = new Arpio().description;
	const expressions = ['eventId', 'eventTime'].map(
		(name) => properties.find((one) => one.name === name)!.default as string,
	);
	const taken = (json: IDataObject) => expressions.map((text) => evaluated(text.slice(3, -2), json));
	const filters = { type: 'startApplicationRecovery', createdAfter: begun.eventTime };
	for (const simplify of [true, false]) {
		const [item] = await rows(world, new Arpio(), { resource: 'auditEvent', operation: 'getAll', simplify, filters });
		const [eventId, eventTime] = taken(item!);
		expect(eventId).toBe(begun.eventId);
		const own = await status({ eventId, eventTime } as IDataObject);
		expect(own.state).toBe('running');
		expect(taken(own)[0]).toBe(begun.eventId);
	}
});

it('does not know when no sign of an end comes for a day, or for as long as is set', async () => {
	world.clock.advance(23 * 60 * MINUTE);
	expect(await status()).toMatchObject({ state: 'running' });
	expect(await status({ options: { unknownAfter: 2 } })).toMatchObject({ state: 'unknown' });
	world.clock.advance(2 * 60 * MINUTE);
	expect(await status()).toMatchObject({
		state: 'unknown',
		inferred: false,
		reason: 'No event tells of an end, 24 hours after the beginning.',
	});
});

it('says when Unknown After is no number', async () => {
	await expect(status({ options: { unknownAfter: 'soon' } })).rejects.toThrow(
		'Unknown After is not a number from 0 on',
	);
});

it('does not know where the event is not in the log, or the list may be cut', async () => {
	const missing = await status({ eventId: 'nobody-knows-it' });
	expect(missing).toMatchObject({ id: 'nobody-knows-it', state: 'unknown', applications: [] });
	expect(missing.reason).toMatch(/may not be listed yet, or no longer/);
	for (let n = 0; n < 5; n++) happen('updateApplication');
	world.arpio.switches.envelope = 'array';
	expect(await status({ options: { pageSize: 3 } })).toMatchObject({
		state: 'unknown',
		reason: expect.stringMatching(/full page/) as string,
	});
});

it.each([
	['an ID', { eventId: ' ' }],
	['a time', { eventTime: '' }],
])('asks for %s where none is given', async (_what, more) => {
	const parameters = { resource: 'recovery', operation: 'getStatus', ...begun, ...more };
	await expect(execute(world, new Arpio(), { parameters })).rejects.toThrow(/There is no event/);
	expect(world.requests).toEqual([]);
});
