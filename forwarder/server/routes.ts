/** What the server answers at which path. */
import type { Histories } from '../run/history/recorder';
import type { Monitor } from '../run/monitor';
import type { Snapshot } from '../run/snapshot';
import { overviewOf } from './api/overview';
import { sourcesOf } from './api/sources';
import { jsonReply, plainReply, type WholeReply } from './http/exchange';
import type { Routes } from './http/router';
import { createExposition } from './metrics/prometheus';
import { registerMetrics, type OnRoundtrip } from './metrics/register';
import { statusPage } from './page';
import { readiness, stateOf, type HealthProblem } from './readiness';

export interface Told {
	look: () => Promise<Snapshot>;
	monitor: Monitor;
	histories: Histories;
	/** Absent over a state file. */
	onRoundtrip?: OnRoundtrip;
	/** Of several that share a database: its name. */
	worker?: string;
	version: string;
	startedAt: number;
	resourceAttributes: Record<string, string>;
}

export interface OpenRoutes {
	routes: Routes;
	close(): Promise<void>;
}

export function createRoutes(told: Told): OpenRoutes {
	const { look, monitor, histories, onRoundtrip, version, resourceAttributes } = told;
	const view = async () => {
		const snapshot = await look();
		return { snapshot, problems: readiness(snapshot), histories };
	};
	const exposition = createExposition(version, resourceAttributes);
	registerMetrics(exposition, view, monitor, onRoundtrip);
	const page = async () => {
		const { snapshot, problems } = await view();
		return { status: 200, type: 'text/html; charset=utf-8', body: statusPage(snapshot, problems, version) };
	};
	return {
		routes: {
			'/': { GET: () => plainReply(302, '/plain', { location: '/plain' }) },
			'/plain': { GET: page },
			'/livez': {
				GET: () => (monitor.fatal === undefined ? plainReply(200, 'ok') : plainReply(503, monitor.fatal)),
				open: true,
			},
			'/readyz': { GET: async () => readyz((await view()).problems), open: true },
			'/metrics': {
				GET: async () => ({
					status: 200,
					type: 'text/plain; version=0.0.4; charset=utf-8',
					body: await exposition.text(),
				}),
			},
			'/api/v1/overview': { GET: async (asked) => jsonReply(overviewOf(await view(), told, asked)) },
			'/api/v1/sources': { GET: async ({ query }) => jsonReply(sourcesOf(await view(), query)) },
		},
		close: () => exposition.close(),
	};
}

function readyz(problems: readonly HealthProblem[]): WholeReply {
	const state = stateOf(problems);
	return {
		status: state === 'not_ready' ? 503 : 200,
		type: 'application/json; charset=utf-8',
		body: `${JSON.stringify({ status: state, problems }, undefined, 2)}\n`,
	};
}
