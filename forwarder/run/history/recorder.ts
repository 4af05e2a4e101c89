/** Keeps the history of the sources and destinations of a process, from what its relays report. */
import type { Clock } from '../../../core/contract';
import { toMillis } from '../../../core/time';
import type { Monitor } from '../monitor';
import type { RelayReport } from '../report';
import type { StoreListener } from '../watchStore';
import { History } from './history';

export interface Histories {
	/** Events: new ones, stored. Lag: of the watermark, behind the provider's clock. */
	sources: History;
	/** Events: records, acknowledged. Lag: how long they had waited. Pauses: halts. */
	destinations: History;
}

export interface Recorder {
	histories: Histories;
	report: RelayReport;
	store: StoreListener;
}

/** A halt lasts until it is told that it is over. */
const FOR_EVER_MS = 10 * 365 * 86_400_000;

export function createRecorder(clock: Clock, sources: number, monitor: Pick<Monitor, 'of'>): Recorder {
	const watermarks = new Map<string, number>();
	const now = () => clock.now();
	const lagAt = (name: string, atMs: number) => {
		const watermark = watermarks.get(name);
		return watermark === undefined ? undefined : Math.max(0, atMs + (monitor.of(name).skewMs ?? 0) - watermark);
	};
	const histories = { sources: new History(now, sources, lagAt), destinations: new History(now) };
	return {
		histories,
		store: {
			loaded: (stream, { watermark }) => void watermarks.set(stream, toMillis(watermark)),
			committed(stream, { watermark, fresh }) {
				if (watermark !== undefined) watermarks.set(stream, toMillis(watermark));
				if (fresh?.length) histories.sources.events(stream, fresh.length);
			},
		},
		report: {
			delivery(destination, notice) {
				const history = histories.destinations;
				if (notice.kind === 'acknowledged') {
					history.events(destination, notice.shipped);
					history.lag(destination, Math.max(0, clock.now() - toMillis(notice.observed)));
				} else if (notice.kind === 'halted') history.pause(destination, FOR_EVER_MS);
				else if (notice.kind === 'resumed') history.pause(destination, 0);
			},
		},
	};
}
