import { ofShard } from '../../../../forwarder/run/cluster/ofShard';
import { createMonitor } from '../../../../forwarder/run/monitor';
import { simClock } from '../../../support/clock';

const failed = (kind: 'fatal' | 'transient') => ({ kind, message: 'taken by another', waitMs: 0 });

test('the end of a lease is no reason to end the process, and no failure of a source', () => {
	const monitor = createMonitor({ clock: simClock() });
	const report = ofShard(monitor.report);
	report.pollFailed!('dr', failed('fatal'), 1);
	report.backfill!('dr', { kind: 'failed', failure: failed('fatal') });
	report.verify!('dr', { kind: 'failed', failure: failed('fatal') });
	expect(monitor.fatal).toBeUndefined();
	expect(monitor.of('dr')).toMatchObject({ background: {}, polls: { fatal: 0 } });
	report.pollFailed!('dr', failed('transient'), 1);
	expect(monitor.of('dr').failure).toMatchObject({ message: 'taken by another' });
});
