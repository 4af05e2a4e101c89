/** What the status server answers at which path. */
import type { Monitor } from '../run/monitor';
import type { Snapshot } from '../run/snapshot';
import { createExposition } from './metrics/prometheus';
import { registerMetrics, type OnRoundtrip } from './metrics/register';
import { statusPage } from './page';
import { readiness, stateOf, type HealthProblem } from './readiness';
import { plainReply, type ServerReply, type Routes } from './server';

export interface Told {
	look: () => Promise<Snapshot>;
	monitor: Monitor;
	/** Absent over a state file. */
	onRoundtrip?: OnRoundtrip;
	version: string;
	resourceAttributes: Record<string, string>;
}

export interface OpenRoutes {
	routes: Routes;
	close(): Promise<void>;
}

export function createRoutes({ look, monitor, onRoundtrip, version, resourceAttributes }: Told): OpenRoutes {
	const view = async () => {
		const snapshot = await look();
		return { snapshot, problems: readiness(snapshot) };
	};
	const exposition = createExposition(version, resourceAttributes);
	registerMetrics(exposition, view, monitor, onRoundtrip);
	return {
		routes: {
			'/': async () => {
				const { snapshot, problems } = await view();
				return { status: 200, type: 'text/html; charset=utf-8', body: statusPage(snapshot, problems, version) };
			},
			'/livez': () => (monitor.fatal === undefined ? plainReply(200, 'ok') : plainReply(503, monitor.fatal)),
			'/readyz': async () => readyz((await view()).problems),
			'/metrics': async () => ({
				status: 200,
				type: 'text/plain; version=0.0.4; charset=utf-8',
				body: await exposition.text(),
			}),
		},
		close: () => exposition.close(),
	};
}

function readyz(problems: readonly HealthProblem[]): ServerReply {
	const state = stateOf(problems);
	return {
		status: state === 'not_ready' ? 503 : 200,
		type: 'application/json; charset=utf-8',
		body: `${JSON.stringify({ status: state, problems }, undefined, 2)}\n`,
	};
}
