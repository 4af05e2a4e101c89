/** Lists are read page by page, and no further than the limit. */
import type { INodeParameters, INodeType } from 'n8n-workflow';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { rows } from './support/context';
import { triggers } from './support/triggers';
import { createWorld, type World } from './support/world';

let world: World;

const lists: [string, INodeType, INodeParameters, number, string][] = [
	['Arpio', new Arpio(), { resource: 'auditEvent', operation: 'getAll' }, 0, 'pageSize'],
	['Arcus ERP', new ArcusErp(), { resource: 'auditLogEntry', operation: 'getAll' }, 1, 'limit'],
	[
		'Arcus ERP search',
		new ArcusErp(),
		{ resource: 'auditLogEntry', operation: 'search', searchText: 'SO' },
		1,
		'limit',
	],
	['Arcus ERP activity', new ArcusErp(), { resource: 'activityEvent', operation: 'getAll' }, 1, 'limit'],
	['AuditAPI', new AuditApi(), { resource: 'event', operation: 'getAll' }, 2, 'limit'],
	['AuditAPI search', new AuditApi(), { resource: 'event', operation: 'search', query: 'account*' }, 2, 'limit'],
];

describe.each(lists)('%s', (_title, type, parameters, which, sizeName) => {
	const happen = triggers[which]![2];
	/** Names of applications are read besides. */
	const pages = () => world.requests.filter(({ url }) => !url.endsWith('/applications'));
	const sizes = () => pages().map(({ url }) => Number(new URL(url, 'https://x.test').searchParams.get(sizeName)));

	beforeEach(() => {
		world = createWorld();
		for (let minute = 0; minute < 330; minute++) happen(world, { kind: 'routine', ago: minute * 60_000 });
	});

	it('asks for 50 with a limit of 50', async () => {
		expect(await rows(world, type, { ...parameters, limit: 50 })).toHaveLength(50);
		expect(sizes()).toEqual([50]);
	});

	it('stops with the page that reaches the limit', async () => {
		expect(await rows(world, type, { ...parameters, limit: 130, options: { pageSize: 60 } })).toHaveLength(130);
		// Arpio's tokens belong to a page size
		expect(sizes()).toEqual(which === 0 ? [60, 60, 60] : [60, 60, 10]);
	});

	it('returns all, each once', async () => {
		const all = await rows(world, type, { ...parameters, returnAll: true });
		expect(all.length).toBeGreaterThanOrEqual(330);
		expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
	});

	it('keeps the filters on every page', async () => {
		await rows(world, type, { ...parameters, returnAll: true, filters: { createdAfter: '2026-01-01T00:00:00Z' } });
		expect(pages().length).toBeGreaterThan(2);
		for (const { url } of pages()) expect(url).toMatch(/timestampStart|from_date|created_after|start_date/);
	});

	it('does not page in circles', async () => {
		world.arpio.switches.repeatToken = true;
		world.arcus.switches.hasMore = 'always';
		world.auditapi.switches.hasMore = 'always';
		const run = rows(world, type, { ...parameters, returnAll: true });
		if (which === 0) await expect(run).rejects.toThrow(/same continuation token twice/);
		else expect((await run).length).toBeGreaterThanOrEqual(330);
		expect(world.requests.length).toBeLessThan(15);
	});
});
