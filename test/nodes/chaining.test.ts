/** Whatever a node or trigger of ours gives, the OTLP Logs node ships: both at their defaults. */
import type { IDataObject } from 'n8n-workflow';
import { execute, rows } from './support/context';
import { allCases } from './support/operations';
import { poller } from './support/poller';
import { shipping, type Shipping } from './support/receiver';
import { triggers } from './support/triggers';

let scene: Shipping;
beforeEach(async () => (scene = await shipping()));
afterEach(() => scene.end());

/** Resolves with the ids under which the records arrived. */
async function shipped(items: IDataObject[]): Promise<unknown[]> {
	const { accepted, rejected } = await scene.ship(items);
	expect(accepted.map(({ json }) => json)).toEqual(items);
	expect(rejected).toEqual([]);
	const records = scene.arrived();
	expect(records).toHaveLength(items.length);
	return records.map(({ attributes }) => attributes['log.record.uid']).filter((uid) => uid !== undefined);
}

/** The others give applications, recovery points, figures and the like. */
const givesEvents = (title: string) => /Audit Event|^(?:Arcus ERP|AuditAPI): (?:Get|Get Many|Search)$/.test(title);

it.each(allCases)('%s', async (title, type, parameters) => {
	const items = await rows(scene.world, type, parameters);
	const uids = await shipped(items);
	expect(uids).toHaveLength(givesEvents(title) ? items.length : 0);
});

it.each(triggers)('%s', async (title, type, happen) => {
	const trigger = poller(scene.world, type, {});
	await trigger.poll();
	// by default, each watches what its service has
	const kind = title.startsWith('Arpio') ? 'failover' : 'failedLogin';
	const ids = [happen(scene.world, { kind }), happen(scene.world, { kind })];
	scene.world.clock.advance(60_000);
	const items = (await trigger.poll())!;
	const uids = await shipped(items);
	expect(uids.map((uid) => String(uid).split(':')[1]).sort()).toEqual(ids.sort());
});

it('what a node gives in place of an item that failed', async () => {
	const [, type, parameters] = allCases[0]!;
	scene.world.interfere = () => ({ status: 403 });
	const { output } = await execute(scene.world, type, { parameters, continueOnFail: true });
	scene.world.interfere = () => undefined;
	expect(await shipped(output.map(({ json }) => json))).toEqual([]);
});
