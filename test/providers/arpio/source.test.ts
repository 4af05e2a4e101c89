import { arpio } from '../../../providers/arpio/provider';
import type { Call, JsonReply, Nanos, Page, Position, Range } from '../../../core/contract';
import { PositionRejected, RequestError } from '../../../core/http/failure';
import { formatInstant, parseInstant } from '../../../core/time';
import { ACCOUNT, fixtureText, httpError, query, reply, scripted } from './fixtures';
import { door } from '../../support/door';

const T0 = parseInstant('2026-02-11T08:00:00Z')!;
const RANGE: Range = { lower: T0 };

const sourceOf = (call: Call, pageSize = 100) => arpio.source(call, { accountId: ACCOUNT }, { pageSize }, door);

describe('pages', () => {
	it('gives events, next position and server time', async () => {
		const text = fixtureText('audit-events');
		const { call } = scripted(reply(text, { date: 'Wed, 11 Feb 2026 15:10:05 GMT' }));
		const page = await sourceOf(call).page(RANGE, undefined);
		expect(page.events).toHaveLength(16);
		expect(page.invalid).toEqual([]);
		expect(page.next).toEqual({ token: (JSON.parse(text) as { nextToken: string }).nextToken });
		expect(page.serverTime).toBe(parseInstant('2026-02-11T15:10:05Z'));
		const [first] = page.events;
		expect(first).toMatchObject({ id: '6PqyfwtlwudBZZ0b8NEpCA', time: 1_770_796_934_217_018_000n });
		for (const event of page.events) {
			expect(text).toContain(event.raw);
			expect(JSON.parse(event.raw)).toEqual(event.json);
		}
	});

	it('ends without a token, also on a full page, and only then', async () => {
		for (const [name, next] of [
			['audit-events-last-page', undefined],
			['audit-events-empty', undefined],
			['audit-events-empty-with-token', expect.objectContaining({ token: expect.any(String) as string }) as object],
		] as const) {
			const page = await sourceOf(scripted(reply(fixtureText(name))).call, 2).page(RANGE, undefined);
			expect(page.next).toEqual(next);
		}
	});

	it('repeats all filters with the token', async () => {
		const { call, requests } = scripted(reply({ events: [] }));
		await sourceOf(call, 7).page({ lower: T0, upper: T0 + 1n }, { token: 'abc' });
		expect(query(requests[0])).toEqual({
			timestampStart: '2026-02-11T08:00:00.000000Z',
			timestampEnd: '2026-02-11T08:00:00.000001Z',
			pageSize: '7',
			nextToken: 'abc',
		});
	});

	it('asks from the whole microsecond that a bound lies in, and owns up to it', async () => {
		const { call, requests } = scripted(reply('{"events":[]}'));
		const source = sourceOf(call);
		await source.page({ lower: T0 + 1999n }, undefined);
		const asked = parseInstant(query(requests[0]).timestampStart)!;
		expect(asked).toBe(T0 + 1000n);
		expect(T0 + 1999n - asked).toBeLessThanOrEqual(source.reach!);
	});

	it('passes the signal on', async () => {
		const { call, requests } = scripted(reply({ events: [] }));
		const { signal } = new AbortController();
		await sourceOf(call).page(RANGE, undefined, signal);
		expect(requests[0]?.signal).toBe(signal);
	});
});

describe('elements that are not events', () => {
	const good = '{"eventId":"ok","timestamp":"2026-02-11T09:00:00Z"}';

	it.each([
		['7', 'not a JSON object'],
		['"text"', 'not a JSON object'],
		['null', 'not a JSON object'],
		['[1]', 'not a JSON object'],
		['{"eventId":"a"}', 'no usable time in timestamp'],
		['{"eventId":"a","timestamp":1770800400}', 'no usable time in timestamp'],
		['{"eventId":"a","timestamp":"yesterday"}', 'no usable time in timestamp'],
		['{"eventId":"a","timestamp":"0001-01-01T00:00:00Z"}', 'the time in timestamp is outside the years 1678 to 2261'],
		['{"eventId":"a","timestamp":"9999-12-31T23:59:59Z"}', 'the time in timestamp is outside the years 1678 to 2261'],
		['{"eventId":"a","n":NaN}', 'not JSON'],
	])('%s is set aside and the page goes on', async (raw, reason) => {
		const page = await sourceOf(scripted(reply(`[${raw},${good}]`)).call).page(RANGE, undefined);
		expect(page.events.map(({ id }) => id)).toEqual(['ok']);
		expect(page.invalid).toEqual([{ id: expect.stringMatching(/^(a#|h:)[0-9a-f]{32}$/) as string, raw, reason }]);
	});

	it('an event without id gets a stable one from its text', async () => {
		const raw = '{"timestamp":"2026-02-11T09:00:00Z"}';
		for (const text of [`[${raw}]`, `{"events":[${good}, ${raw} ]}`]) {
			const page = await sourceOf(scripted(reply(text)).call).page(RANGE, undefined);
			expect(page.events.at(-1)!.id).toBe('h:9e802cbc74266c1ce47ab8c2ec2bd424');
		}
	});

	it('an id that is a number keeps its digits', async () => {
		const text = '[{"eventId":9007199254740993,"timestamp":"2026-02-11T09:00:00Z"}]';
		const page = await sourceOf(scripted(reply(text)).call).page(RANGE, undefined);
		expect(page.events[0]!.id).toBe('9007199254740993');
	});
});

describe('a refused token', () => {
	it.each([400, 403, 404, 410, 422])('%d restarts the window', async (status) => {
		const source = sourceOf(scripted(httpError(status, 'no')).call);
		expect(source.onRejected).toBe('restart');
		await expect(source.page(RANGE, { token: 't' })).rejects.toBeInstanceOf(PositionRejected);
	});

	it.each([400, 401, 403, 404, 500])('without a token, %d is what it is', async (status) => {
		await expect(sourceOf(scripted(httpError(status)).call).page(RANGE, undefined)).rejects.toBeInstanceOf(
			RequestError,
		);
	});

	it.each([429, 500, 503])('%d says nothing about the token', async (status) => {
		const page = sourceOf(scripted(httpError(status)).call).page(RANGE, { token: 't' });
		await expect(page).rejects.toBeInstanceOf(RequestError);
	});

	it('401 is about the key until the key has worked', async () => {
		const { call } = scripted(httpError(401), reply({ events: [] }), httpError(401));
		const source = sourceOf(call);
		await expect(source.page(RANGE, { token: 't' })).rejects.toBeInstanceOf(RequestError);
		await source.page(RANGE, undefined);
		await expect(source.page(RANGE, { token: 't' })).rejects.toBeInstanceOf(PositionRejected);
	});

	it('401 is about the token when it says so', async () => {
		const page = sourceOf(scripted(httpError(401, 'nextToken expired')).call).page(RANGE, { token: 't' });
		await expect(page).rejects.toBeInstanceOf(PositionRejected);
	});
});

describe('bare arrays longer than a page', () => {
	const ORDERS: Record<string, (times: Nanos[]) => Nanos[]> = {
		'oldest first': (times) => times,
		'newest first': (times) => [...times].reverse(),
		'no order': (times) => [...times].sort((a, b) => Number((a * 7919n) % 1009n) - Number((b * 7919n) % 1009n)),
	};

	/** A server that cuts its answers and says nothing about it. */
	function cutting(times: Nanos[], limit: number, acceptsPageSize = true): Call {
		return async (request): Promise<JsonReply> => {
			const { timestampStart, timestampEnd, pageSize } = query(request);
			if (pageSize && !acceptsPageSize) throw httpError(400, 'unknown parameter pageSize');
			const lower = parseInstant(timestampStart)!;
			const upper = parseInstant(timestampEnd) ?? times.reduce((max, time) => (time > max ? time : max));
			const inside = times.map((time, index) => ({ time, index })).filter(({ time }) => time >= lower && time <= upper);
			return reply(
				inside.slice(0, limit).map(({ time, index }) => ({ eventId: `e${index}`, timestamp: formatInstant(time) })),
			);
		};
	}

	async function readAll(call: Call, pageSize: number, range = RANGE): Promise<{ ids: Set<string>; pages: number }> {
		const ids = new Set<string>();
		const positions = new Set<string>();
		const source = sourceOf(call, pageSize);
		let position: Position | undefined;
		for (let pages = 1; pages < 2000; pages++) {
			const page: Page = await source.page(range, position);
			for (const { id } of page.events) ids.add(id);
			if (!page.next) return { ids, pages };
			// the store keeps it as JSON; the walk takes a repeated position for an endless one
			position = JSON.parse(JSON.stringify(page.next)) as Position;
			expect(positions).not.toContain(JSON.stringify(position));
			positions.add(JSON.stringify(position));
		}
		throw new Error('endless');
	}

	describe.each(Object.entries(ORDERS))('%s', (_name, order) => {
		it.each([
			['spread', (index: number) => BigInt(index) * 1_000_000_000n],
			['in bursts', (index: number) => BigInt(index % 3) * 3_600_000_000_000n + BigInt(index) * 1000n],
			['with equal times', (index: number) => BigInt(Math.floor(index / 4)) * 1000n],
		])('every event is read, %s', async (_how, offset) => {
			const times = order(Array.from({ length: 200 }, (_, index) => T0 + offset(index)));
			const { ids, pages } = await readAll(cutting(times, 20), 20);
			expect(ids.size).toBe(200);
			expect(pages).toBeLessThan(250);
		});

		it('every event is read between two bounds', async () => {
			const times = order(Array.from({ length: 100 }, (_, index) => T0 + BigInt(index) * 1_000_000n));
			const { ids } = await readAll(cutting(times, 20), 20, { lower: T0, upper: T0 + 49_000_000n });
			expect(ids.size).toBe(50);
		});
	});

	it('every event is read when the server refuses a page size and has a smaller one', async () => {
		const times = Array.from({ length: 95 }, (_, index) => T0 + BigInt(index) * 1_000_000n);
		expect((await readAll(cutting(times, 25, false), 100)).ids.size).toBe(95);
	});

	it('one instant that fills a page is an error, neither a loss nor a loop', async () => {
		const times = [T0, ...Array.from({ length: 20 }, () => T0 + 5_000_000n), T0 + 9_000_000n];
		await expect(readAll(cutting(times, 20), 20)).rejects.toThrow('one instant alone fills a page');
		const alone = Array.from({ length: 20 }, () => T0);
		await expect(readAll(cutting(alone, 20), 20)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
	});

	it.each([{ from: 'x', to: '' }, { from: '1', to: 'y' }, { to: '5' }, {}])(
		'an unreadable position %j starts over',
		async (position) => {
			const { call, requests } = scripted(reply([]));
			await sourceOf(call).page(RANGE, position as Position);
			expect(query(requests[0])['timestampStart']).toBe('2026-02-11T08:00:00.000000Z');
		},
	);
});
