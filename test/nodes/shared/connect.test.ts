import { domainOf } from '../../../nodes/shared/connect';
import type { NodeClock } from '../support/clock';
import { createWorld } from '../support/world';

const request = { method: 'GET', path: '/' } as const;

let clock: NodeClock;
beforeEach(() => ({ clock } = createWorld()));

it("gives the same limiter for the same credential, with retries of one's own", () => {
	const first = domainOf('a', 600, {});
	const own = domainOf('a', 600, { retries: 0 });
	expect([first.options.retries, own.options.retries]).toEqual([4, 0]);
	own.pause(5_000);
	expect(first.pausedUntil).toBe(own.pausedUntil);
	expect(domainOf('b', 600, {})).not.toBe(first);
});

it('changes the pace for everybody', async () => {
	const domain = domainOf('a', 60_000, {});
	domainOf('a', 60_000, { requestsPerMinute: 2_000 });
	const times: number[] = [];
	const started = async () => void times.push(clock.now());
	await Promise.all([1, 2, 3].map(() => domain.admit(request, started)));
	expect(times.map((at) => at - times[0]!)).toEqual([0, 30, 60]);
});
