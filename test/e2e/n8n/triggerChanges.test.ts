/** Active triggers on a running n8n, when a service is down and when somebody changes them. */
import { installN8n } from './support/instance';
import { single, TRIGGERS } from './support/happenings';
import { ENGINES, watching, type Watching } from './support/watching';
import { until } from '../support/wait';

installN8n();

test.concurrent.each(ENGINES)(
	'%s engine: an outage shows as failed runs and loses nothing, another page size goes on, another filter begins anew',
	async (engine) => {
		const n8n = await watching(engine);
		try {
			await n8n.activate();
			n8n.happen(single());
			await n8n.arrived('an event before the outage');

			for (const { service } of TRIGGERS)
				n8n.sandbox[service].server.setFaults(() => ({ kind: 'status', status: 500 }));
			n8n.happen(single());
			for (const { type } of TRIGGERS)
				await until(`${type} has shown the outage`, async () => (await errors(n8n, type)).length > 0, 60_000);
			for (const { service } of TRIGGERS) n8n.sandbox[service].server.setFaults(undefined);
			n8n.happen(single());
			await n8n.arrived('an event of the outage');
			for (const { type } of TRIGGERS) {
				const messages = new Set(await errors(n8n, type));
				expect([...messages]).toEqual([expect.stringMatching(/not available/)]);
			}

			await n8n.betweenPolls();
			await n8n.deactivate();
			n8n.happen(single());
			await n8n.change({ options: { pageSize: 7 } });
			await n8n.activate();
			await n8n.arrived('what happens before it is activated with another page size');

			await n8n.betweenPolls();
			await n8n.deactivate();
			// the start is known to the second
			n8n.happenUnwatched(single(2_000));
			await n8n.change({ options: { pageSize: 7 }, filters: { action: '*' } });
			await n8n.activate();
			for (const what of ['an event for the new filter', 'the one after']) {
				n8n.happen(single());
				await n8n.arrived(what);
			}
			const { found, wanted } = await n8n.compare();
			expect(found).toEqual(wanted);
		} finally {
			await n8n.end();
		}
	},
);

async function errors({ server }: Watching, type: string): Promise<string[]> {
	const runs = await server.runs(type);
	return runs.flatMap(({ status, error }) => (status === 'success' ? [] : [error?.message ?? status]));
}
