/**
 * Active triggers on a running n8n: what happens meanwhile starts the workflow exactly once, on n8n's ordinary poll engine and
 * on the durable one, also when n8n is killed and started again.
 */
import { installN8n } from './support/instance';
import { lateAndTied, single, tied, TRIGGERS } from './support/happenings';
import { ENGINES, LATE_MS, requests, watching, type Watching } from './support/watching';

installN8n();

test.concurrent.each(ENGINES)(
	'%s engine: late and tied events, more than a page, refusals and a kill in between, each event once',
	async (engine) => {
		const n8n = await watching(engine);
		try {
			await n8n.activate();

			n8n.happen(lateAndTied(LATE_MS));
			await n8n.arrived('what comes late and in ties');
			n8n.happen([...lateAndTied(LATE_MS), ...tied(12)]);
			await n8n.arrived('a tie of more than two pages');
			refuse(n8n);
			n8n.happen(lateAndTied(LATE_MS));
			await n8n.arrived('what happens during refusals');
			expect(await failures(n8n)).toEqual([]);

			await n8n.betweenPolls();
			n8n.happen(lateAndTied(LATE_MS));
			await n8n.server.kill();
			n8n.happen([...lateAndTied(LATE_MS), ...tied(12)]);
			await n8n.start();
			n8n.happen(lateAndTied(LATE_MS));
			await n8n.allArrived('what happens around the kill');

			for (const what of ['the next event', 'the one after']) {
				n8n.happen(single());
				await n8n.arrived(what);
			}
			const { found, wanted } = await n8n.compare();
			expect(found).toEqual(wanted);
			expect(await failures(n8n)).toEqual([]);
			expect(await keepsPositionsWithWorkflows(n8n)).toBe(engine === 'ordinary');
		} finally {
			await n8n.end();
		}
	},
);

/** The next two requests to each service are too many. */
function refuse({ sandbox }: Watching): void {
	for (const one of TRIGGERS) {
		const last = requests(sandbox, one) + 2;
		const plan = (number: number) =>
			number <= last ? ({ kind: 'throttled', retryAfter: { seconds: 1 } } as const) : undefined;
		sandbox[one.service].server.setFaults(plan);
	}
}

async function failures({ server }: Watching): Promise<unknown[]> {
	const runs = await Promise.all(TRIGGERS.map(({ type }) => server.runs(type)));
	return runs.flat().flatMap(({ status, error }) => (status === 'success' ? [] : [{ status, error }]));
}

/** The ordinary engine does; the durable one has a table of its own. */
async function keepsPositionsWithWorkflows({ server }: Watching): Promise<boolean> {
	const kept = await Promise.all(TRIGGERS.map(({ type }) => server.staticData(type)));
	const has = kept.map((data) => JSON.stringify(data).includes('"watermark"'));
	expect(new Set(has).size).toBe(1);
	return has[0]!;
}
