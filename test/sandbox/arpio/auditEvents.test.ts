import { arpioEvent } from '../../../sandbox/arpio/events';
import { eventLog } from '../../../sandbox/eventLog';
import { arpioEvents } from '../../../sandbox/fixtures';
import { formatMicros } from '../../../sandbox/time';
import { at, type Asked } from '../support';
import { events, setup, walk, five } from './support';

describe('Arpio: audit events', () => {
	it('sends the stored bytes', () => {
		expect(setup().ask(events).body).toBe(`{"events":[${arpioEvents.join(',')}]}`);
	});

	it('includes both bounds to the microsecond, or leaves the upper one out', () => {
		const log = () => eventLog([0, 1, 2].map((n) => arpioEvent({ id: `e${n}`, micros: at(0) + n })));
		const window = `timestampStart=${formatMicros(at(0) + 1)}&timestampEnd=${formatMicros(at(0) + 2)}`;
		expect(walk(setup({}, { log: log() }).ask, window).found).toEqual(['e1', 'e2']);
		expect(walk(setup({ upperBound: 'exclusive' }, { log: log() }).ask, window).found).toEqual(['e1']);
	});

	it('refuses a malformed bound', () => expect(setup().ask(`${events}?timestampStart=today`).status).toBe(400));

	it.each(['keyset', 'offset'] as const)('pages with %s tokens', (tokenKind) => {
		const { found, pages } = walk(setup({ tokenKind }, { log: five() }).ask, 'pageSize=2');
		expect({ found, pages }).toEqual({ found: ['e0', 'e1', 'e2', 'e3', 'e4'], pages: 3 });
	});

	it('hides a row from offset tokens when an earlier one is deleted, not from keyset tokens', () => {
		const run = (tokenKind: 'offset' | 'keyset') => {
			const { api, ask } = setup({ tokenKind }, { log: five() });
			return walk(ask, 'pageSize=2', () => void api.log.remove('e0')).found;
		};
		expect(run('offset')).toEqual(['e0', 'e1', 'e3', 'e4']);
		expect(run('keyset')).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
	});

	it('orders ascending, descending, or oddly but always the same', () => {
		const order = (order: 'ascending' | 'descending' | 'shuffled') =>
			walk(setup({ order }, { log: five() }).ask, 'pageSize=2').found;
		expect(order('descending')).toEqual(order('ascending').reverse());
		expect(order('shuffled')).toEqual(order('shuffled'));
		expect(order('shuffled')).not.toEqual(order('ascending'));
		expect(order('shuffled').sort()).toEqual(order('ascending'));
	});

	it('honours, caps or rejects pageSize', () => {
		const length = (reply: Asked) => (reply.data['events'] as unknown[]).length;
		expect(length(setup().ask(`${events}?pageSize=3`))).toBe(3);
		expect(length(setup({ pageSize: { cap: 2 } }).ask(`${events}?pageSize=3`))).toBe(2);
		expect(setup({ pageSize: 'rejected' }).ask(`${events}?pageSize=3`).status).toBe(400);
		expect(length(setup({ pageSize: 'rejected', defaultPageSize: 4 }).ask(events))).toBe(4);
		expect(length(setup().ask(`${events}?limit=3`))).toBe(17);
	});
});
