/** The ready workflow Audit → SIEM while the receiver is down, and n8n is restarted meanwhile. Only its polls come more often. */
import { until } from '../support/wait';
import { readyWorkflows } from './local/readyWorkflows';
import { happen, single, TRIGGERS } from './support/happenings';
import { oftener } from './support/oftener';
import { scene } from './support/scene';
import type { Server } from './support/server';

const real = scene({ sandbox: { newestAt: Date.now() - 600_000 } });

const SOON = 120_000;

let server: Server;

beforeAll(async () => {
	const [flow] = readyWorkflows().filter(({ id }) => id === 'audit-to-siem');
	await real.n8n.importWorkflows({ ...flow!, nodes: flow!.nodes.map(oftener) });
	server = await real.n8n.start();
	await server.activate('audit-to-siem');
});

test('a receiver that is down for three polls, and a restart of n8n, cost no event', async () => {
	const { receiver } = real.sandbox;
	const wanted: string[] = [];
	const event = () => {
		for (const [{ service }, happened] of happen(real.sandbox, single())) {
			wanted.push(...happened.map(({ id }) => `${service}:${id}`));
		}
	};
	/** Until each trigger has read what has happened by now: the request after the next is a poll that began later. */
	const polls = async (count: number) => {
		const before = TRIGGERS.map(({ service }) => real.sandbox[service].server.requests.length);
		const polled = () =>
			TRIGGERS.every(({ service }, n) => real.sandbox[service].server.requests.length >= before[n]! + count);
		await until(`${count} polls`, polled, SOON, server.output);
	};

	await polls(2);
	event();
	const arrived = () => {
		const uids = new Set(receiver!.stored.map(({ attributes }) => attributes['log.record.uid']));
		return wanted.every((uid) => uids.has(uid));
	};
	await until('what happened before has arrived', arrived, SOON, server.output);

	receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
	event();
	await polls(2);
	await server.stop();
	event();
	server = await real.n8n.start();
	event();
	await polls(2);
	expect(arrived()).toBe(false);
	receiver!.setAnswers(undefined);
	await until('what happened meanwhile has arrived', arrived, SOON, server.output);

	// what has arrived is kept no longer
	const quiet = async () => (await server.runs('audit-to-siem')).at(-1)?.nodes.includes('OTLP Logs') === false;
	await until('nothing is left to ship', quiet, SOON, server.output);
});
