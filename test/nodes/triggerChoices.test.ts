/** What a trigger offers to watch, and what it does when nobody changes anything. */
import type { INodePropertyOptions } from 'n8n-workflow';
import { poller } from './support/poller';
import { triggers } from './support/triggers';
import { createWorld } from './support/world';

const kinds = ['failover', 'routine', 'deletion', 'failedLogin', 'role', 'drill'] as const;

it.each([
	['Arpio Trigger', ['failover']],
	['Arcus ERP Trigger', ['failedLogin', 'role']],
	['AuditAPI Trigger', kinds],
])('%s fires at its defaults', async (title, wanted) => {
	const [, type, happen] = triggers.find(([name]) => name === title)!;
	const world = createWorld();
	const trigger = poller(world, type, {});
	await trigger.poll();
	const ids = new Map(kinds.map((kind) => [happen(world, { kind }), kind]));
	world.clock.advance(60_000);
	const found = (await trigger.ids()).map((id) => ids.get(id as string));
	expect(new Set(found)).toEqual(new Set(wanted));
});

it.each(triggers)('%s offers what it watches at its defaults', (title, type) => {
	const watch = type.description.properties.find(({ name }) => name === 'watch')!;
	const offered = (watch.options as INodePropertyOptions[]).map(({ value }) => value);
	expect(offered).toEqual(expect.arrayContaining(watch.default as string[]));
	expect(offered.includes('failover')).toBe(title !== 'Arcus ERP Trigger');
});
