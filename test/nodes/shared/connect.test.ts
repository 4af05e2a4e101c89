import { providers } from '../../../providers/registry';
import { ArcusErpApi } from '../../../credentials/ArcusErpApi.credentials';
import { ArpioApi } from '../../../credentials/ArpioApi.credentials';
import { AuditApi } from '../../../credentials/AuditApi.credentials';
import { domainOf } from '../../../nodes/shared/connect';
import type { NodeClock } from '../support/clock';
import { createWorld } from '../support/world';

const request = { method: 'GET', path: '/' } as const;

let clock: NodeClock;
beforeEach(() => ({ clock } = createWorld()));

/** When the first of so many requests start, in milliseconds from the first. */
async function starts(count: number, ...given: Parameters<typeof domainOf>): Promise<number[]> {
	const domain = domainOf(...given);
	const times: number[] = [];
	const started = async () => void times.push(clock.now());
	await Promise.all(Array.from({ length: count }, () => domain.admit(request, started)));
	return times.map((at) => at - times[0]!);
}

const defaults = { requestsPerMinute: 600 };

it('gives the same limiter for the same credential', () => {
	const first = domainOf('a', {}, defaults);
	domainOf('a', {}, defaults).pause(5_000);
	expect(first.pausedUntil).toBeGreaterThan(0);
	expect(domainOf('b', {}, defaults).pausedUntil).toBe(0);
});

it.each([
	['of the provider where the credential says nothing', {}, 100],
	['of the credential', { requestsPerMinute: 2_000 }, 30],
	['of the credential, divided by the processes that share it', { requestsPerMinute: 2_000, processes: 4 }, 120],
	['of the provider for what is not a number of requests', { requestsPerMinute: 0, processes: -1 }, 100],
])('takes the pace %s', async (_whose, credential, apart) => {
	expect(await starts(3, 'a', credential, defaults)).toEqual([0, apart, 2 * apart]);
});

it('takes a changed pace from the next request on', async () => {
	domainOf('a', { requestsPerMinute: 1 }, defaults);
	expect(await starts(2, 'a', { requestsPerMinute: 60 }, defaults)).toEqual([0, 1000]);
});

it('begins with a burst where the provider allows one, and each process with its part', async () => {
	const bursting = { requestsPerMinute: 240, burst: 10 };
	expect((await starts(11, 'a', {}, bursting)).filter((at) => at === 0)).toHaveLength(10);
	expect((await starts(11, 'b', { processes: 3 }, bursting)).filter((at) => at === 0)).toHaveLength(3);
});

it('has the default pace of the provider in the credential', () => {
	const types = { arpio: new ArpioApi(), 'arcus-erp': new ArcusErpApi(), auditapi: new AuditApi() };
	for (const [name, { properties }] of Object.entries(types)) {
		const field = properties.find((property) => property.name === 'requestsPerMinute');
		expect(field!.default).toBe(providers[name as keyof typeof types].defaults.requestsPerMinute);
	}
});
