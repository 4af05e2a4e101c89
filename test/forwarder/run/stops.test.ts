import { withNotice, type Stop } from '../../../forwarder/run/stops';
import type { DeliveryNotice } from '../../../forwarder/delivery/delivery';

const told = (...notices: DeliveryNotice[]) =>
	notices.reduce<readonly Stop[]>((stops, notice, index) => withNotice(stops, notice, index), []);
const failing = (since: number): DeliveryNotice => ({ kind: 'failing', message: `down ${since}`, since, at: since });

test('an outage is one, however many attempts fail, and becomes a halt when the key is refused', () => {
	const halted = { kind: 'halted', message: 'status 401' } as const;
	const stops = told(failing(0), failing(0), halted, failing(3), { kind: 'recovered', since: 3, at: 4 });
	expect(stops).toEqual([
		{ ...halted, at: 2 },
		{ kind: 'failing', at: 0, until: 2, message: 'down 0' },
	]);
	expect(withNotice(stops, { kind: 'resumed' }, 9)[0]).toEqual({ ...halted, at: 2, until: 9 });
});

test('only the last ones are kept', () => {
	const many = Array.from({ length: 50 }, (_, at) => [failing(at), { kind: 'recovered', since: at, at } as const]);
	const stops = told(...many.flat());
	expect(stops).toHaveLength(20);
	expect(stops[0]!.message).toBe('down 49');
});
