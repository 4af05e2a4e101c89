/** What the process knows of all its sources together, from what passes. */
import { fromMillis } from '../../../core/time';
import { createKnown, TOTAL } from '../../../forwarder/run/known';
import { createMonitor } from '../../../forwarder/run/monitor';
import { simClock } from '../../support/clock';
import { MINUTE, NOW } from '../server/support';
import { siem, source } from './configured';

const at = (ms: number) => fromMillis(NOW + ms);

function scene() {
	const clock = simClock(NOW);
	const paused = new Set<string>();
	const named = (name: string) => ({ ...source, name });
	const sources = ['dr', 'erp', 'first'].map(named);
	const knowing = createKnown({ sources, destinations: [siem] }, clock, createMonitor({ clock }), (name) =>
		paused.has(name),
	);
	const { known, store } = knowing;
	store.loaded('dr', { start: at(-99 * MINUTE), watermark: at(-11 * MINUTE) });
	store.loaded('erp', { start: at(-99 * MINUTE), watermark: at(-40 * MINUTE) });
	store.loaded('first', { start: 0n, watermark: 0n });
	const { total } = known.histories;
	const lag = () => total.minutes.of(TOTAL).lagMs.at(-1);
	total.minutes.events(TOTAL, 0);
	return { clock, paused, knowing, known, total, lag, sources };
}

test('the total lag is that of the source furthest behind, of those that were read completely once', () => {
	const { lag } = scene();
	expect(lag()).toBe(30 * MINUTE);
});

test('one that a person has paused, and one that another worker has now, are not part of it', () => {
	const { paused, knowing, lag } = scene();
	paused.add('erp');
	expect(lag()).toBe(MINUTE);
	knowing.store.left('dr');
	expect(lag()).toBeNull();
});

test('one that is not configured any more neither', () => {
	const { knowing, lag, sources } = scene();
	knowing.configured(sources.slice(0, 1), [siem]);
	expect(lag()).toBe(MINUTE);
});

test('what is not configured any more leaves its place in the history', () => {
	const { knowing, known, sources } = scene();
	const { histories } = known;
	histories.sources.events('dr', 1);
	histories.sources.events('erp', 1);
	histories.destinations.events('siem', 1);
	knowing.configured(sources.slice(0, 1), []);
	expect([histories.sources.minutes.names(), histories.destinations.minutes.names()]).toEqual([['dr'], []]);
});

test('new events count for their source and for all together', () => {
	const { knowing, known, total } = scene();
	const fresh = [{}, {}] as never[];
	knowing.store.committed('dr', { fresh });
	knowing.store.committed('erp', { fresh });
	expect(total.minutes.of(TOTAL).events.at(-1)).toBe(4);
	expect(known.histories.sources.minutes.of('dr').events.at(-1)).toBe(2);
});

test('records are in flight for as long as their request runs', () => {
	const { knowing, known } = scene();
	const sending = (records: number) => knowing.report.sending!('siem', records);
	[200, 200, -200, 50].forEach(sending);
	const { minutes } = known.histories.destinations;
	expect([minutes.of('siem').inFlight.at(-1), minutes.flying('siem')]).toEqual([400, 250]);
});
