/**
 * Active triggers on a running n8n, on its ordinary poll engine and on its durable one: one life of a server for each engine, in
 * which one thing after the other happens. What happens starts the workflow exactly once.
 */
import { until } from '../support/wait';
import { lateAndTied, single, tied, TRIGGERS } from './support/happenings';
import { installN8n } from './support/instance';
import { LATE_MS, PAGE, requests, watching, type Watching } from './support/watching';

installN8n();

let all: Watching[] = [];
/** On both engines at the same time: most of it is waiting for the next poll. */
const onEach = (story: (n8n: Watching) => Promise<unknown>) => () => Promise.all(all.map(story));

beforeAll(async () => {
	const started = await Promise.allSettled([watching('ordinary'), watching('durable')]);
	all = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	for (const one of started) if (one.status === 'rejected') throw one.reason;
	await onEach(({ activate }) => activate())();
});
afterAll(onEach(({ end }) => end()));

test(
	'events in ties, some of which are listed late',
	onEach(async (n8n) => {
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.arrived('what is listed at once');
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.allArrived('what is listed late');
		await exactlyOnce(n8n);
	}),
);

test(
	'a tie of more than two pages',
	onEach(async (n8n) => {
		n8n.happen(tied(2 * PAGE + 1));
		await n8n.arrived('a tie');
		await exactlyOnce(n8n);
	}),
);

test(
	'a poll whose requests are too many at first repeats them',
	onEach(async (n8n) => {
		for (const one of TRIGGERS) {
			const last = requests(n8n.sandbox, one) + 2;
			const throttled = { kind: 'throttled', retryAfter: { seconds: 1 } } as const;
			n8n.sandbox[one.service].server.setFaults((number) => (number <= last ? throttled : undefined));
		}
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.allArrived('what happens during refusals');
		for (const { type } of TRIGGERS) expect([type, await errors(n8n, type)]).toEqual([type, []]);
		await exactlyOnce(n8n);
	}),
);

test(
	'n8n is killed, and events go on until it is there again and after',
	onEach(async (n8n) => {
		await n8n.betweenPolls();
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.server.kill();
		n8n.happen([...lateAndTied(LATE_MS), ...tied(PAGE + 1)]);
		await n8n.start();
		n8n.happen(lateAndTied(LATE_MS));
		await n8n.allArrived('what happens around the kill');
		await exactlyOnce(n8n);
	}),
);

test(
	'a service that is down shows as failed runs, and nothing is lost',
	onEach(async (n8n) => {
		for (const { service } of TRIGGERS) n8n.sandbox[service].server.setFaults(() => ({ kind: 'status', status: 500 }));
		n8n.happen(tied(3));
		for (const { type } of TRIGGERS)
			await until(`${type} has failed`, async () => (await errors(n8n, type)).length > 0, 60_000, n8n.server.output);
		for (const { service } of TRIGGERS) n8n.sandbox[service].server.setFaults(undefined);
		n8n.happen(single());
		await n8n.arrived('what happened while the service was down');
		for (const { type } of TRIGGERS)
			for (const message of await errors(n8n, type)) expect(message).toMatch(/not available/);
		await exactlyOnce(n8n);
	}),
);

test(
	'another page size goes on where the one before stopped',
	onEach(async (n8n) => {
		await n8n.betweenPolls();
		await n8n.deactivate();
		n8n.happen(single());
		await n8n.change(70);
		await n8n.activate();
		await n8n.arrived('what happened before the activation');
		await exactlyOnce(n8n);
	}),
);

test(
	'another filter and another name go on where the ones before stopped',
	onEach(async (n8n) => {
		await n8n.betweenPolls();
		await n8n.deactivate();
		n8n.happen(single());
		await n8n.change(80, { filters: { action: '*' }, name: 'Renamed' });
		await n8n.activate();
		await n8n.arrived('what happened before the activation');
		await exactlyOnce(n8n);
	}),
);

test(
	'a version that is published while a poll runs goes on from what that poll reads, also after a kill',
	onEach(async (n8n) => {
		for (const { service } of TRIGGERS) n8n.sandbox[service].server.setFaults(() => ({ kind: 'slow', pauseMs: 4_000 }));
		const before = TRIGGERS.map((one) => requests(n8n.sandbox, one));
		n8n.happen(single());
		const polling = () => TRIGGERS.every((one, index) => requests(n8n.sandbox, one) > before[index]!);
		await until('a poll of each is under way', polling, 60_000, n8n.server.output);
		await n8n.change(90);
		const activated = n8n.activate();
		for (const { service } of TRIGGERS) n8n.sandbox[service].server.setFaults(undefined);
		await activated;
		await n8n.arrived('what happened before the new version');
		await n8n.betweenPolls();
		await n8n.server.kill();
		n8n.happen(single());
		await n8n.start();
		await exactlyOnce(n8n);
	}),
);

test('each engine kept the positions where it keeps them', async () => {
	const withWorkflow = async ({ engine, server }: Watching) => {
		const kept = await Promise.all(TRIGGERS.map(({ type }) => server.staticData(type)));
		// besides, the workflow has a copy
		const ofNode = (data: object) => Object.entries(data).filter(([key]) => key.startsWith('node:'));
		return [engine, kept.map((data) => JSON.stringify(ofNode(data ?? {})).includes('"watermark"'))];
	};
	expect(await Promise.all(all.map(withWorkflow))).toEqual([
		['ordinary', [true, true, true]],
		['durable', [false, false, false]],
	]);
});

/** One more event, so that what came before had a poll more to come again. */
async function exactlyOnce(n8n: Watching): Promise<void> {
	n8n.happen(single());
	await n8n.arrived('the next event');
	const { found, wanted } = await n8n.compare();
	expect({ engine: n8n.engine, ids: found }).toEqual({ engine: n8n.engine, ids: wanted });
}

async function errors({ server }: Watching, type: string): Promise<string[]> {
	const runs = await server.runs(type);
	return runs.flatMap(({ status, error }) => (status === 'success' ? [] : [error?.message ?? status]));
}
