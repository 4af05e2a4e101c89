import { lookedAt } from '../../../../forwarder/cli/run/tell';
import { counts, snapshot, stream } from '../../server/support';
import { refusedSource } from '../../notify/support';

const config = { sources: [{ name: 'dr' }, { name: 'elsewhere' }] };

test('that somebody wanted it to stop is not told', () => {
	expect(lookedAt(snapshot({ stopping: true }), config).problems).toEqual([]);
});

test('what is not there is over, unless that is not known', () => {
	const { absence } = lookedAt(snapshot(), config);
	expect(absence(refusedSource('dr'))).toBe('over');
	expect(absence(refusedSource('elsewhere'))).toBe('elsewhere');
	expect(absence(refusedSource('removed'))).toBe('over');
	expect(absence({ rule: 'disk_low', severity: 'degraded', message: '' })).toBe('over');
	const polls = { succeeded: 0, transient: 0, refused: 0, fatal: 0 };
	const begun = lookedAt(snapshot({ streams: [stream({ counts: counts({ polls }) })] }), config);
	expect(begun.absence(refusedSource('dr'))).toBe('unknown');
});
