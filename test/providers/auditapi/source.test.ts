import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditApi } from '../../../providers/auditapi/provider';
import type { Call, HttpRequest, Range } from '../../../core/contract';
import { PositionRejected, RequestError } from '../../../core/http/failure';
import { parseInstant } from '../../../core/time';
import { answering, listOf, scripted, thrown } from '../arcus-erp/scripted';
import { door } from '../../support/door';

const RANGE: Range = { lower: parseInstant('2026-02-11T00:30:00Z')! };

const event = (id: string) => ({ id, timestamp: '2026-02-11T09:00:00Z', payload: {} });
const ids = ({ events }: { events: { id: string }[] }) => events.map(({ id }) => id).join(' ');
const source = (call: Call, pageSize = 3) => auditApi.source(call, {}, { pageSize }, door);

/** Events e9 (newest) to e0. `adjacent`: which page `ending_before` gives; `hasMore`: what the flag means upwards. */
function simulated(newest: number, adjacent: boolean, hasMore: 'newer' | 'older') {
	const all = Array.from({ length: newest + 1 }, (_, i) => `e${newest - i}`);
	return answering(({ path, query = {} }: HttpRequest) => {
		if (path !== '/events') return { json: event(path.slice('/events/'.length)) };
		const limit = Number(query.limit);
		const before = query.ending_before as string | undefined;
		if (before === undefined) {
			const rest = all.slice(all.indexOf(String(query.starting_after)) + 1);
			return listOf(rest.slice(0, limit).map(event), { has_more: rest.length > limit });
		}
		const newer = all.slice(0, all.indexOf(before));
		const page = adjacent ? newer.slice(-limit) : newer.slice(0, limit);
		const more = hasMore === 'newer' ? newer.length > page.length : true;
		return listOf(page.map(event), { has_more: more });
	});
}

async function climbed(call: Call, from: string): Promise<string> {
	const read: string[] = [];
	for (let next = source(call).memory!.begin({ anchors: [[from, '0']] }, 1n); ;) {
		const page = await source(call).page(RANGE, next);
		read.push(ids(page));
		if (!page.next) return read.filter(Boolean).join(' | ');
		next = page.next;
	}
}

describe('reading downwards', () => {
	it.each([
		['2026-02-11T09:59:59Z', '2026-02-09', '2026-02-12'],
		['2026-02-11T12:00:00Z', '2026-02-10', '2026-02-13'],
	])('asks for the day of %s in every time zone and one more on each side', async (time, start_date, end_date) => {
		const script = scripted(listOf([], { has_more: false }));
		const instant = parseInstant(time)!;
		await source(script.call).page({ lower: instant, upper: instant }, undefined);
		expect(script.queries()).toEqual([{ start_date, end_date, limit: '3' }]);
	});

	it('repeats the days on every page', async () => {
		const script = scripted(listOf([event('e1')], { has_more: true }), listOf([], { has_more: false }));
		const range = { ...RANGE, upper: parseInstant('2026-02-28T23:00:00Z')! };
		const first = await source(script.call).page(range, undefined);
		await source(script.call).page(range, first.next);
		const dates = { start_date: '2026-02-09', end_date: '2026-03-02', limit: '3' };
		expect(script.queries()).toEqual([dates, { ...dates, starting_after: 'e1' }]);
	});

	it('has no end date when the range is open', async () => {
		const script = scripted(listOf([], { has_more: false }));
		await source(script.call).page(RANGE, undefined);
		expect(script.queries()).toEqual([{ start_date: '2026-02-09', limit: '3' }]);
	});

	it('ends where has_more is false, but asks once more after a full page', async () => {
		const short = listOf([event('e1')], { has_more: false });
		const full = listOf([event('e3'), event('e2'), event('e1')], { has_more: false });
		expect((await source(scripted(short).call).page(RANGE, undefined)).next).toBeUndefined();
		expect((await source(scripted(full).call).page(RANGE, undefined)).next).toEqual({ after: 'e1' });
		expect((await source(scripted(listOf([])).call).page(RANGE, { after: 'e1' })).next).toBeUndefined();
	});

	it('ends on an empty page whatever has_more says', async () => {
		const page = await source(scripted(listOf([], { has_more: true })).call).page(RANGE, { after: 'e1' });
		expect(page).toMatchObject({ events: [], next: undefined });
	});

	it.each([400, 404, 410, 422])('rejects the position on %i', async (status) => {
		const error = await thrown(source(scripted({ refuse: status }).call).page(RANGE, { after: 'e1' }));
		expect(error).toBeInstanceOf(PositionRejected);
		expect(error).toMatchObject({ name: 'PositionRejected' });
	});

	it('reports a refusal without a position as what it is', async () => {
		const error = await thrown(source(scripted({ refuse: 402, message: 'Over quota' }).call).page(RANGE, undefined));
		expect(error).toBeInstanceOf(RequestError);
	});

	it('goes on below the oldest event, and may reach four days below', () => {
		const { onRejected, reach } = source(scripted().call);
		expect([onRejected, reach]).toEqual(['continueBelowOldest', 345_600_000_000_000n]);
	});
});

describe('climbing', () => {
	it.each(['newer', 'older'] as const)('reads everything in steps when has_more means %s', async (hasMore) => {
		const { call } = simulated(9, true, hasMore);
		expect(await climbed(call, 'e1')).toBe('e4 e3 e2 | e7 e6 e5 | e9 e8');
	});

	it.each(['newer', 'older'] as const)(
		'stops on the newest page of a provider that gives that one (%s)',
		async (hasMore) => {
			const { call, requests } = simulated(9, false, hasMore);
			expect(await thrown(climbed(call, 'e1'))).toMatchObject({ name: 'NotAdjacent' });
			expect(requests).toHaveLength(4);
		},
	);

	it('accepts the newest page when it holds everything', async () => {
		expect(await climbed(simulated(3, false, 'older').call, 'e1')).toBe('e3 e2');
	});

	it('sends neither dates nor starting_after', async () => {
		const script = scripted(listOf([event('e2')], { has_more: false }));
		await source(script.call).page(RANGE, { before: 'e1' });
		expect(script.queries()).toEqual([{ ending_before: 'e1', limit: '3' }]);
	});

	it('proves with one event below the page that nothing was skipped', async () => {
		const full = listOf([event('e4'), event('e3'), event('e2')], { has_more: false });
		const script = scripted(full, listOf([event('e1')], { has_more: true }));
		expect((await source(script.call).page(RANGE, { before: 'e1' })).next).toEqual({ before: 'e4' });
		expect(script.queries()[1]).toEqual({ starting_after: 'e2', limit: '1' });
	});

	it('needs no proof on a short page that says there is no more', async () => {
		const script = scripted(listOf([event('e2')], { has_more: false }));
		expect((await source(script.call).page(RANGE, { before: 'e1' })).next).toBeUndefined();
	});

	it('reads again when an event came in between page and proof', async () => {
		const page = (...names: string[]) => listOf(names.map(event), { has_more: true });
		const script = scripted(page('e4', 'e3', 'e2'), page('late'), page('e3', 'e2', 'late'), page('e1'));
		const climbed = await source(script.call).page(RANGE, { before: 'e1' });
		expect(ids(climbed)).toBe('e3 e2 late');
		expect(climbed.next).toEqual({ before: 'e3' });
	});

	it('does not take an empty page for the end when the event below is gone', async () => {
		const script = scripted(listOf([], { has_more: false }), { refuse: 404 });
		const error = await thrown(source(script.call).page(RANGE, { before: 'e1' }));
		expect(error).toMatchObject({ name: 'PositionRejected' });
		expect(script.requests[1]!.path).toBe('/events/e1');
	});

	it('rejects the position of a deleted event', async () => {
		const error = await thrown(source(scripted({ refuse: 404 }).call).page(RANGE, { before: 'e1' }));
		expect(error).toBeInstanceOf(PositionRejected);
	});

	it('reports a failed proof as what it is', async () => {
		const full = listOf([event('e4'), event('e3'), event('e2')], { has_more: true });
		const error = await thrown(source(scripted(full, { refuse: 500 }).call).page(RANGE, { before: 'e1' }));
		expect(error).toBeInstanceOf(RequestError);
	});
});

describe('events', () => {
	it('of the fixtures are cut out byte for byte, with their times', async () => {
		const text = readFileSync(join(__dirname, '../../../sandbox/fixtures/auditapi-events.json'), 'utf8');
		const page = await source(scripted({ text }).call, 100).page(RANGE, undefined);
		expect(page.events).toHaveLength(14);
		for (const { raw } of page.events) expect(text).toContain(raw);
		expect(page.events[6]!.time).toBe(parseInstant('2026-02-11T08:15:00Z'));
		expect(page.serverTime).toBe(parseInstant('2026-02-11T09:31:00Z'));
	});

	it('that cannot be events do not stop the page', async () => {
		const answer = listOf(['null', { id: 7, timestamp: null }, event('e1')], { has_more: false });
		const page = await source(scripted(answer).call, 100).page(RANGE, undefined);
		expect(ids(page)).toBe('e1');
		expect(page.invalid.map(({ id, reason }) => [id.slice(0, 2), reason])).toEqual([
			['h:', 'not a JSON object'],
			['7#', 'no usable time in timestamp'],
		]);
	});

	it('with a numeric id beyond 2^53 keep it', async () => {
		const answer = listOf(['{"id":9007199254740993,"timestamp":"2026-02-11T09:00:00Z"}'], { has_more: true });
		const page = await source(scripted(answer).call).page(RANGE, undefined);
		expect(page.events[0]!.id).toBe('9007199254740993');
		expect(page.next).toEqual({ after: '9007199254740993' });
	});
});
