/** What a server answers whose process is in a given state. */
import { createKnown } from '../../../forwarder/run/known';
import { createMonitor } from '../../../forwarder/run/monitor';
import type { Snapshot } from '../../../forwarder/run/snapshot';
import { createRoutes } from '../../../forwarder/server/routes';
import type { Asked, Authority, WholeReply } from '../../../forwarder/server/http/exchange';
import { simClock } from '../../support/clock';
import { counts, snapshot, stream, worker } from './support';

export const DETAILED = { bySource: true, formerNames: false };

export const FEW = { bySource: false, formerNames: false };

export function serving(look: () => Snapshot, resourceAttributes: Record<string, string> = {}, metrics = DETAILED) {
	const clock = simClock();
	const monitor = createMonitor({ clock });
	const { known } = createKnown({ sources: [], destinations: [] }, clock, monitor);
	const { routes, close } = createRoutes({
		...{
			look: async () => look(),
			monitor,
			known,
			clock,
			version: '1.2.3',
			startedAt: 0,
			state: () => Promise.reject(new Error('none')),
			consoleFolder: '',
			resourceAttributes,
			metrics: () => metrics,
			onError: () => undefined,
		},
		onRoundtrip: (listener) => [1, 30].forEach(listener),
	});
	return {
		monitor,
		close,
		get: async (path: string, authority: Authority = 'read') =>
			(await routes[path]!.GET!({ query: new URLSearchParams(), authority } as Asked)) as WholeReply & { body: string },
	};
}

/** The names of all series that a process exports by default, each with its labels. Histograms by `_bucket`, `_sum` and `_count`. */
export async function exported(): Promise<Map<string, ReadonlySet<string>>> {
	const stored = { ...{ name: 'dr', shipped: 1, waiting: 0, waitingBytes: 0, deadLetters: 0, doubtful: 0, gaps: 0 } };
	const streams = [stream({ stored: { ...stored, gapReasons: {} }, lastSuccessAgeMs: 1, counts: counts() })];
	const notifications = [{ name: 'ops', sent: 1, failed: 0 }];
	const { monitor, get, close } = serving(() => snapshot({ streams, notifications, worker: worker() }), {}, FEW);
	for (const to of ['provider', 'destination'] as const)
		monitor.report.requested!({ to, name: 'x', tookMs: 1, status: 200, bytes: 1 });
	const { body } = await get('/metrics');
	await close();
	const series = new Map<string, Set<string>>();
	for (const [, name, labels = ''] of body.matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm)) {
		const known = series.get(name!) ?? new Set();
		series.set(name!, known);
		for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
	}
	return series;
}
