/** What the server answers at which path. */
import type { MetricsConfig } from '../config/types';
import type { Known } from '../run/known';
import type { Monitor } from '../run/monitor';
import type { Snapshot } from '../run/snapshot';
import type { Clock } from '../../core/contract';
import { keptByCost } from '../kept';
import type { StateAdmin } from '../store/admin';
import { apiRoutes } from './api/routes';
import { consoleRoutes } from './console';
import { plainReply, type WholeReply } from './http/exchange';
import type { Routes } from './http/router';
import { createExposition, type Exposition } from './metrics/prometheus';
import { registerMetrics, type OnRoundtrip } from './metrics/register';
import { statusPage } from './page';
import { readiness, stateOf, type HealthProblem } from './readiness';

/** Those who look often see what was so a moment ago, and with very many sources a little longer. */
const KEEP_MS = 500;
const KEEP_FACTOR = 30;

export interface Told {
	clock: Clock;
	look: () => Promise<Snapshot>;
	monitor: Monitor;
	known: Known;
	/** Absent over a state file. */
	onRoundtrip?: OnRoundtrip;
	/** Of several that share a database: its name. */
	worker?: string;
	version: string;
	startedAt: number;
	/** Where the build of the console is. */
	consoleFolder: string;
	/** To be asked beside this process: opened when it is needed first. */
	state: () => Promise<StateAdmin>;
	onError: (error: unknown, path: string) => void;
	resourceAttributes: Record<string, string>;
	metrics: MetricsConfig;
	/** The metrics are told to a receiver too. */
	pushed?: boolean;
}

export interface OpenRoutes {
	routes: Routes;
	/** All metrics of now. */
	collected: Exposition['collected'];
	close(): Promise<void>;
}

export function createRoutes(told: Told): OpenRoutes {
	const { clock, look, monitor, known, onRoundtrip, version, resourceAttributes } = told;
	const view = async () => {
		const snapshot = await look();
		return { snapshot, problems: readiness(snapshot), known };
	};
	const { bySource, formerNames } = told.metrics;
	const exposition = createExposition({ version, resourceAttributes, formerNames, pushed: told.pushed });
	const metrics = registerMetrics(exposition, { look: view, monitor, onRoundtrip, bySource });
	const page = async () => {
		const { snapshot, problems } = await view();
		return { status: 200, type: 'text/html; charset=utf-8', body: statusPage(snapshot, problems, version) };
	};
	return {
		collected: exposition.collected,
		routes: {
			...consoleRoutes(told.consoleFolder),
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
			...apiRoutes({
				clock,
				about: told,
				view: keptByCost(KEEP_MS, KEEP_FACTOR, clock, view),
				known,
				state: told.state,
				onError: told.onError,
			}),
		},
		close: async () => {
			metrics.end();
			await exposition.close();
		},
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
