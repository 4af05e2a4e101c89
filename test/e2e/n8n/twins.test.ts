/** Triggers with the same node id, as they come about when a workflow is imported twice. Within one workflow n8n refuses them. */
import { until } from '../support/wait';
import { happen, single, TRIGGERS, type Trigger } from './support/happenings';
import { scene } from './support/scene';
import type { Server } from './support/server';
import { EVERY_FEW_SECONDS } from './support/watching';
import { node, workflow } from './support/workflow';

const real = scene({ sandbox: { newestAt: Date.now() - 600_000 } });
const ID = 'same-id';

let server: Server;

/** Both poll in the same seconds. */
const twin = ({ type }: Trigger) =>
	node('Trigger', type, { watch: ['everything'], simplify: false, pollTimes: EVERY_FEW_SECONDS }, { id: ID });

const [arpio] = TRIGGERS;
const flows = ['original', 'copy'].map((id) => workflow(id, twin(arpio!), node('End', 'n8n-nodes-base.noOp')));

beforeAll(async () => {
	await real.n8n.importWorkflows(...flows);
	server = await real.n8n.start();
	for (const { id } of flows) await server.activate(id);
});

/** How often an event has started each of them. */
async function starts(event: string): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { id } of flows) {
		const ids = (await server.runs(id)).flatMap((run) => run.json('End').map((json) => json[arpio!.id]));
		counts[id] = ids.filter((one) => one === event).length;
	}
	return counts;
}

test('each of them delivers each event once', async () => {
	const begun = () => real.sandbox.arpio.server.requests.length >= flows.length;
	await until('all have begun', begun, 120_000, server.output);
	const once = { original: 1, copy: 1 };
	const event = () => [...happen(real.sandbox, single()).values()][0]![0]!.id;
	const first = event();
	const delivered = async (id: string) => Object.values(await starts(id)).every((count) => count > 0);
	await until('each has delivered it', () => delivered(first), 60_000, server.output);
	const next = event();
	await until('each has delivered the next', () => delivered(next), 60_000, server.output);
	expect([await starts(first), await starts(next)]).toEqual([once, once]);
});
