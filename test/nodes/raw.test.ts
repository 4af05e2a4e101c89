/** Simplify off, and the text as received. */
import type { IDataObject } from 'n8n-workflow';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { arcusEntries, arpioEvents, auditapiEvents } from '../../sandbox/fixtures';
import { rows } from './support/context';
import { ids } from './support/operations';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const whole = { returnAll: true, simplify: false };

it('returns Arpio events as they are, but for the names of applications', async () => {
	const all = await rows(world, new Arpio(), { resource: 'auditEvent', operation: 'getAll', ...whole });
	const byId = new Map(all.map((row) => [row.eventId, row]));
	for (const text of arpioEvents) {
		const event = JSON.parse(text) as { eventId: string };
		const { resources, ...row } = byId.get(event.eventId)!;
		const unnamed = (resources as IDataObject[] | undefined)?.map(({ name: _name, ...resource }) => resource);
		expect({ ...row, ...(resources !== undefined && { resources: unnamed ?? resources }) }).toEqual(event);
	}
});

it('keeps numbers beyond 2^53 in the raw text', async () => {
	const big = '{"object":"event","id":"big","timestamp":"2026-02-11T15:00:00Z","payload":{"n":9007199254740993}}';
	world.logs.auditapi.add({ id: 'big', micros: Date.parse('2026-02-11T15:00:00Z') * 1000, raw: big });
	const event = { __rl: true, mode: 'id', value: 'big' };
	const [row] = await rows(world, new AuditApi(), {
		resource: 'event',
		operation: 'get',
		event,
		options: { includeRaw: true },
	});
	expect(row!.raw).toBe(big);
	const [listed] = await rows(world, new AuditApi(), {
		resource: 'event',
		operation: 'getAll',
		...whole,
		options: { includeRaw: true },
	});
	expect(listed!.raw).toBe(big);
});

it('returns entries and events of the other two as they are', async () => {
	const entry = { __rl: true, mode: 'id', value: ids.entry };
	const expand = ['actor', 'diff', 'chain'];
	const get = { resource: 'auditLogEntry', operation: 'get', entry, simplify: false, options: { expand } };
	const [found] = await rows(world, new ArcusErp(), get);
	const wanted = arcusEntries.map((text) => JSON.parse(text) as { id: string }).find(({ id }) => id === ids.entry);
	expect(found).toEqual(wanted);
	const events = await rows(world, new AuditApi(), { resource: 'event', operation: 'getAll', ...whole });
	expect(events).toHaveLength(auditapiEvents.length);
	expect(events[0]).toMatchObject({ object: 'event' });
});
