/**
 * Active triggers on a running n8n: what happens meanwhile starts the workflow exactly once, on n8n's ordinary poll engine and
 * on the durable one, also when n8n is killed and started again.
 */
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { until } from '../support/wait';
import { credentialsFor } from './support/credentials';
import { createInstance, installN8n } from './support/instance';
import { happen, nothingYet, TRIGGERS, type Trigger } from './support/happenings';
import type { Server } from './support/server';
import { node, workflow } from './support/workflow';

installN8n();

/** n8n allows no poll time that comes more often than once a minute, but several of them. */
const SECONDS = [0, 12, 24, 36, 48];
const pollTimes = { item: SECONDS.map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })) };
/** A poll, with time to spare on a busy machine. */
const SOON = 60_000;

const durable = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

test.concurrent.each([
	['ordinary', {}],
	['durable', durable],
])('%s engine: late and tied events, refusals and a kill in between, each event once', async (_, env) => {
	const sandbox = await startSandbox({ newestAt: Date.now() - 3_600_000 });
	const n8n = createInstance({ env });
	try {
		await n8n.importCredentials(credentialsFor(sandbox));
		const parameters = { watch: ['everything'], simplify: false, pollTimes };
		await n8n.importWorkflows(
			...TRIGGERS.map(({ type }) => workflow(type, node('Trigger', type, parameters), node('End', NOTHING))),
		);
		let server = await n8n.start();
		for (const { type } of TRIGGERS) await server.activate(type);
		// its first request tells a trigger from when on it reads
		await until('every trigger has begun', () => asked(sandbox).every((requests) => requests > 0), SOON);
		const happened = nothingYet();
		const more = () => happen(sandbox, happened);
		const arrived = (which: keyof typeof happened) => () =>
			every(async (one) => includes(await delivered(server, one), happened[which].get(one.type)!));

		for (let round = 1; round <= 3; round++) {
			if (round === 3) refuse(sandbox);
			more();
			await until(`the events of round ${round} have started their workflows`, arrived('atOnce'), SOON, server.output);
		}
		more();
		await server.kill();
		more();
		server = await n8n.start();
		more();
		await until('the events around the kill have started their workflows', arrived('all'), SOON, server.output);
		const settled = asked(sandbox);
		await until(
			'each trigger has polled twice more',
			() => asked(sandbox).every((n, at) => n > settled[at]! + 2),
			SOON,
		);

		for (const one of TRIGGERS)
			expect({ of: one.type, ids: (await delivered(server, one)).sort() }).toEqual({
				of: one.type,
				ids: happened.all.get(one.type)!.sort(),
			});
	} finally {
		await n8n.end();
		await sandbox.stop();
	}
});

const NOTHING = 'n8n-nodes-base.noOp';

async function every(holds: (trigger: Trigger) => Promise<boolean>): Promise<boolean> {
	return (await Promise.all(TRIGGERS.map(holds))).every(Boolean);
}

async function delivered(server: Server, { type, id }: Trigger): Promise<string[]> {
	const runs = await server.runs(type);
	expect(runs.filter(({ status }) => status !== 'success')).toEqual([]);
	return runs.flatMap((run) => run.json('Trigger').map((json) => String(json[id])));
}

const includes = (given: readonly string[], wanted: readonly string[]) => wanted.every((id) => given.includes(id));

const asked = ({ arpio, arcus, auditapi }: Sandbox) =>
	[arpio, arcus, auditapi].map(({ server }) => server.requests.length);

/** The next two requests to each service are too many. */
function refuse({ arpio, arcus, auditapi }: Sandbox): void {
	for (const { server } of [arpio, arcus, auditapi]) {
		const last = server.requests.length + 2;
		server.setFaults((number) => (number <= last ? { kind: 'throttled', retryAfter: { seconds: 1 } } : undefined));
	}
}
