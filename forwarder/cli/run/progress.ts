/** What `run` shows on a terminal below its log: events so far, where in time they are read, how fast, and what waits. */
import { formatInstant } from '../../../core/time';
import { streamState, type Snapshot, type StreamSnapshot } from '../../run/snapshot';
import { age } from '../age';
import { createFooter, type Footer } from '../footer';
import type { Io } from '../io';
import { plain } from '../ui';

const EVERY_MS = 1000;
/** The rate is that of the last few looks. */
const LOOKS = 5;

export interface Progress extends Pick<Footer, 'above'> {
	begin(): void;
	/** Of what runs now. */
	follow(look: () => Promise<Snapshot>): void;
	/** Also when it never began. */
	done(): void;
}

/** Nothing but the way to stderr where nobody watches, or where a machine reads along. */
export function createProgress({ stderr, env, clock }: Pick<Io, 'stderr' | 'env' | 'clock'>, json: boolean): Progress {
	if (!stderr.isTTY || json || env['TERM'] === 'dumb') {
		return { above: stderr, begin: () => undefined, follow: () => undefined, done: () => undefined };
	}
	const footer = createFooter(stderr);
	const end = new AbortController();
	return {
		above: footer.above,
		begin: () => footer.show('starting'),
		follow: (look) => void follow(look, footer, clock, end.signal),
		done() {
			end.abort();
			footer.done();
		},
	};
}

async function follow(
	look: () => Promise<Snapshot>,
	footer: Footer,
	clock: Io['clock'],
	end: AbortSignal,
): Promise<void> {
	const looks: { at: number; events: number }[] = [];
	while (!end.aborted) {
		// a state that cannot be read is a matter of the log
		const snapshot = await look().catch(() => undefined);
		if (end.aborted) break;
		if (snapshot) {
			looks.push({ at: clock.now(), events: eventsOf(snapshot) });
			if (looks.length > LOOKS) looks.shift();
			footer.show(progressText(snapshot, rateOf(looks)));
		}
		await clock.sleep(EVERY_MS, end);
	}
}

function eventsOf({ streams }: Snapshot): number {
	return streams.reduce((sum, { counts }) => sum + counts.fresh, 0);
}

function rateOf(looks: readonly { at: number; events: number }[]): number {
	const [first, last] = [looks[0]!, looks.at(-1)!];
	return last.at > first.at ? Math.round(((last.events - first.events) * 1000) / (last.at - first.at)) : 0;
}

const grouped = new Intl.NumberFormat('en-US');

export function progressText(snapshot: Snapshot, perSecond: number): string {
	const { streams, destinations, stopping } = snapshot;
	const events = eventsOf(snapshot);
	const waiting = destinations.reduce((sum, destination) => sum + destination.waiting, 0);
	const failing = streams.filter((stream) => ['failing', 'refused'].includes(streamState(stream))).length;
	const down = destinations.filter(({ state }) => state !== 'ok').length;
	return [
		`${grouped.format(events)} ${events === 1 ? 'event' : 'events'}`,
		perSecond > 0 && `${grouped.format(perSecond)}/s`,
		waiting > 0 && `${grouped.format(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`,
		failing > 0 && `${failing} ${failing === 1 ? 'source fails' : 'sources fail'}`,
		down > 0 && `${down} ${down === 1 ? 'destination accepts' : 'destinations accept'} nothing`,
		stopping ? 'stopping' : whereabouts(streams),
	]
		.filter((part) => part !== false)
		.join(' · ');
}

/** Where in time it reads: of the sources that are in the middle of a walk, the one that has furthest to go. */
function whereabouts(streams: readonly StreamSnapshot[]): string {
	const reading = streams.filter(({ counts }) => counts.reached !== undefined);
	const polled = streams.filter(({ counts }) => counts.polls.succeeded > 0).length;
	const first = reading.sort((a, b) => (a.counts.reached! < b.counts.reached! ? -1 : 1))[0];
	if (first) {
		const more = reading.length > 1 ? ` and ${reading.length - 1} more` : '';
		return `reads ${formatInstant(first.counts.reached!, 0)} (${plain(first.name)}${more})`;
	}
	if (polled < streams.length) return `${polled} of ${streams.length} sources read`;
	const oldest = streams.reduce((most, { lastSuccessAgeMs = 0 }) => Math.max(most, lastSuccessAgeMs), 0);
	return `all read up to ${age(oldest)} ago`;
}
