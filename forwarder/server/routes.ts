/** What the server answers at which path. */
import type { MetricsConfig } from '../config/types';
import type { Known } from '../run/known';
import type { Monitor } from '../run/monitor';
import type { Snapshot } from '../run/snapshot';
import type { WishReader } from '../run/wishes';
import type { Clock } from '../../core/contract';
import { fromMillis } from '../../core/time';
import { keptByCost } from '../kept';
import type { StateAdmin } from '../store/admin';
import { withOthers, type Others } from './api/others';
import { apiRoutes } from './api/routes';
import { consoleRoutes } from './console';
import type { View } from './api/view';
import { jsonReply, plainReply, Refused, type Asked, type WholeReply } from './http/exchange';
import { authorized, changing } from './http/authorized';
import type { Routes } from './http/router';
import { createExposition, type Exposition } from './metrics/prometheus';
import { DETAILS, registerMetrics, type OnRoundtrip } from './metrics/register';
import { statusPage } from './page';
import { readiness, sourceReadiness, sourcesReadiness, stateOf } from './readiness';

/** Those who look often see what was so a moment ago, and with very many sources a little longer. */
const KEEP_MS = 500;
const KEEP_FACTOR = 30;

export interface Told {
	clock: Clock;
	look: () => Promise<Snapshot>;
	monitor: Monitor;
	known: Known;
	/** What other workers of the same database hold. */
	others?: () => Promise<Others>;
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
	/** What people want of this process. */
	wishes?: Pick<WishReader, 'carryOut' | 'lookSoon'>;
	/** Reads the configuration again, and applies it or says what that would change. Absent: nothing is applied while it runs. */
	reload?: { apply(): Promise<ReloadOutcome>; compare(): Promise<ReloadOutcome> };
	resourceAttributes: Record<string, string>;
	/** As they are wanted now. */
	metrics: () => MetricsConfig;
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
	const { clock, look, monitor, known, onRoundtrip, version, resourceAttributes, reload } = told;
	const view = async () => {
		const snapshot = await look();
		return { snapshot, problems: readiness(snapshot), known };
	};
	const isDetailed = () => told.metrics().bySource;
	const exposition = createExposition({
		...{ version, resourceAttributes, pushed: told.pushed },
		formerNames: () => told.metrics().formerNames,
		isShown: (name) => isDetailed() || !DETAILS.has(name),
	});
	const metrics = registerMetrics(exposition, { look: view, monitor, onRoundtrip, isDetailed });
	/** All that is configured, also what others hold. */
	const whole = async () => {
		const own = await view();
		if (!told.others) return own;
		return { ...own, snapshot: withOthers(own.snapshot, await told.others(), known.sources.values()) };
	};
	/** Kept whether it has changed anything or not. */
	async function noted(work: () => Promise<ReloadOutcome>, by: string): Promise<ReloadOutcome> {
		const outcome = await work();
		const what = outcome.ok ? outcome.changes.join('; ') || 'nothing has changed' : 'refused';
		await (await told.state()).note(`reload: ${what}`, { by, at: fromMillis(clock.now()) }).catch(() => undefined);
		return outcome;
	}
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
			'/readyz': { GET: async (asked) => readyz(await view(), asked), open: true },
			'/healthz/sources': { GET: async () => healthOfSources((await view()).snapshot) },
			'/metrics': {
				GET: async () => ({
					status: 200,
					type: 'text/plain; version=0.0.4; charset=utf-8',
					body: await exposition.text(),
				}),
			},
			...(reload && {
				'/api/v1/reload': {
					GET: authorized(async () => reloaded(await reload.compare())),
					POST: changing(async ({ by }) => reloaded(await noted(reload.apply, by))),
				},
			}),
			...apiRoutes({
				clock,
				about: told,
				view: keptByCost(KEEP_MS, KEEP_FACTOR, clock, whole),
				known,
				state: told.state,
				wishes: told.wishes,
				onError: told.onError,
			}),
		},
		close: async () => {
			metrics.end();
			await exposition.close();
		},
	};
}

/** Of the process, or of one source. */
function readyz({ snapshot, problems }: View, { query, authority }: Asked): WholeReply {
	const source = query.get('source');
	const found = source === null ? problems : sourceReadiness(snapshot, source);
	if (!found) throw new Refused(404, 'there is no such source', '/healthz/sources lists them');
	const state = stateOf(found);
	const told = authority === 'none' ? found.map(({ rule, severity, since }) => ({ rule, severity, since })) : found;
	return readable({ status: state, problems: told }, state === 'not_ready' ? 503 : 200);
}

/** Always 200: what to do about a tenant is up to whoever watches tenants. */
function healthOfSources(snapshot: Snapshot): WholeReply {
	const sources = [...sourcesReadiness(snapshot)].map(([source, problems]) => ({
		source,
		status: stateOf(problems),
		...(problems.length > 0 && { problems }),
	}));
	return readable({ sources });
}

const readable = (value: unknown, status = 200): WholeReply => ({
	status,
	type: 'application/json; charset=utf-8',
	body: `${JSON.stringify(value, undefined, 2)}\n`,
});

/** What a person is told of it. */
export type ReloadOutcome = { ok: true; changes: string[]; mistakes: string[] } | { ok: false; problems: string[] };

function reloaded(outcome: ReloadOutcome): WholeReply {
	if (outcome.ok) return jsonReply(outcome);
	throw new Refused(422, outcome.problems.join(' '), 'Everything goes on as before. Mend it, and reload again');
}
