/** Minutes always, finer steps while somebody looks. */
import { History } from '../../../../forwarder/run/history/history';
import { FINE, Layers } from '../../../../forwarder/run/history/layers';
import { simClock } from '../../../support/clock';

const SECOND = 1000;
const START = Date.parse('2026-11-20T12:00:00Z');

function scene() {
	const clock = simClock(START);
	return { clock, layers: new Layers(() => clock.now()) };
}

test('what somebody looks at is recorded in steps of five seconds too, from then on', () => {
	const { clock, layers } = scene();
	layers.events('dr', 1);
	expect(layers.fineOf('dr')).toBeUndefined();
	clock.advance(20 * SECOND);
	layers.look('dr');
	layers.events('dr', 2);
	layers.events('erp', 9);
	layers.request('dr', 'failed');
	clock.advance(5 * SECOND);
	layers.events('dr', 3);
	const fine = layers.fineOf('dr')!;
	expect(fine.events.slice(-3)).toEqual([null, 2, 3]);
	expect(fine.requests.failed.slice(-2)).toEqual([1, 0]);
	expect(layers.fineOf('erp')).toBeUndefined();
	expect(layers.minutes.of('dr').events.at(-1)).toBe(6);
});

test('a halt and requests that began before are seen at once', () => {
	const { clock, layers } = scene();
	layers.pause('siem', 3_600_000);
	layers.inFlight('siem', 40);
	clock.advance(30 * SECOND);
	layers.look('siem');
	clock.advance(5 * SECOND);
	const { pausedMs, inFlight } = layers.fineOf('siem')!;
	expect([pausedMs.at(-2), inFlight.slice(-2)]).toEqual([5000, [40, 40]]);
	layers.pause('siem', 0);
	layers.inFlight('siem', 0);
	clock.advance(5 * SECOND);
	expect([layers.fineOf('siem')!.pausedMs.at(-1), layers.fineOf('siem')!.inFlight.at(-1)]).toEqual([0, 0]);
});

test('it ends with the last who looks; whoever comes again begins anew', () => {
	const { clock, layers } = scene();
	const ends = [layers.look('dr'), layers.look('dr'), layers.look('erp')];
	layers.events('dr', 5);
	ends[0]!();
	expect(layers.fineOf('dr')!.events.at(-1)).toBe(5);
	ends[1]!();
	expect(layers.fineOf('dr')).toBeUndefined();
	expect(layers.fineOf('erp')).toBeDefined();
	clock.advance(SECOND);
	layers.look('dr');
	expect(layers.fineOf('dr')!.events.at(-1)).toBe(0);
});

test('what is looked at takes 2 kB', () => {
	const clock = simClock(START);
	const before = process.memoryUsage().arrayBuffers;
	const fine = new History(() => clock.now(), { steps: FINE, rows: 1000 });
	for (let one = 0; one < 1000; one++) fine.events(`source-${one}`, 1);
	expect((process.memoryUsage().arrayBuffers - before) / 1000).toBeLessThan(2000);
});
