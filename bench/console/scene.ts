/** A process of very many sources as the console sees it: the real routes, in front of a snapshot that changes with every look. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomFrom } from '../../sandbox/faults';
import { createKnown, TOTAL } from '../../forwarder/run/known';
import { createMonitor } from '../../forwarder/run/monitor';
import { networkDoor } from '../../forwarder/server/http/doors';
import { createRoutes } from '../../forwarder/server/routes';
import { startServer, type StatusServer } from '../../forwarder/server/server';
import { timerClock } from '../../test/support/timerClock';
import { counts, destination, snapshot, stream } from '../../test/forwarder/server/support';

const MINUTE = 60_000;
const FOLDER = resolve('forwarder/dist/console');
/** One source in so many is refused. */
const REFUSED = 97;

export async function startScene(sources: number): Promise<StatusServer> {
	const random = randomFrom(1);
	const names = Array.from({ length: sources }, (_, i) => `tenant-${String(i).padStart(5, '0')}`);
	const begun = Date.now();
	let playedMs = begun - 60 * MINUTE;
	const clock = { ...timerClock, now: () => (playedMs < begun ? playedMs : Date.now()) };
	const monitor = createMonitor({ clock });
	const { known } = createKnown({ sources: [], destinations: [] }, clock, monitor);
	for (; playedMs < begun; playedMs += MINUTE) {
		for (const name of names) {
			known.histories.sources.events(name, Math.floor(random() * 100));
			known.histories.sources.lag(name, 600_000 + random() * 60_000);
		}
		known.histories.total.events(TOTAL, sources * 50);
		known.histories.destinations.events('siem', sources * 50);
	}
	const failure = { kind: 'refused' as const, message: 'status 401', sinceMs: begun, atMs: begun, waitMs: 0 };
	const streams = names.map((name, i) => stream({ name, counts: counts(i % REFUSED === 0 ? { failure } : {}) }));
	const look = () => {
		const at = Date.now();
		for (const one of streams) one.lagMs = 600_000 + random() * 60_000;
		return snapshot({ at, streams, destinations: [destination({ shipped: at - begun })] });
	};
	const onError = (error: unknown) => console.error(error);
	const { routes } = createRoutes({
		...{ clock, look: async () => look(), monitor, known, version: '0.0.0', startedAt: begun, onError },
		...{
			consoleFolder: FOLDER,
			state: () => Promise.reject(new Error('there is none')),
			resourceAttributes: {},
		},
		metrics: () => ({ bySource: false, formerNames: false }),
	});
	const listen = { host: '127.0.0.1', port: 0, configPath: 'none', clock };
	return startServer({ routes, door: networkDoor([]), onError }, listen);
}

/** Of all files that a first visit loads, in bytes. */
export function weight(): number {
	const files = readdirSync(FOLDER).map((name) => gzipSync(readFileSync(join(FOLDER, name)), { level: 9 }).length);
	return files.reduce((sum, size) => sum + size, 0);
}
