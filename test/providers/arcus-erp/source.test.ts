import { recordOf } from '../../../core/record/attributes';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arcusErp } from '../../../providers/arcus-erp/provider';
import type { Position, Range } from '../../../core/contract';
import { PositionRejected, RequestError } from '../../../core/http/failure';
import { hash128 } from '../../../core/record/hash';
import { parseInstant } from '../../../core/time';
import { DATE, listOf, scripted, thrown } from './scripted';
import { door } from '../../support/door';

const RANGE: Range = { lower: parseInstant('2026-02-10T00:00:00.5Z')! };
const CURSOR: Position = { cursor: 'e1' };

const entry = (id: string, fields: object = {}) => ({ id, created_at: '2026-02-10T07:00:00Z', ...fields });
const entries = (count: number, from = 0) => Array.from({ length: count }, (_, i) => entry(`e${from + i}`));
const source = (script: ReturnType<typeof scripted>, pageSize = 100, entityId?: string) =>
	arcusErp.source(script.call, { entityId }, { pageSize }, door);

describe('a request', () => {
	it('asks one second wider on both sides, in UTC with microseconds', async () => {
		const script = scripted(listOf([], { has_more: false }));
		await source(script).page({ ...RANGE, upper: parseInstant('2026-02-10T01:00:00+00:00')! }, undefined);
		expect(script.queries()).toEqual([
			{
				from_date: '2026-02-09T23:59:59.500000Z',
				to_date: '2026-02-10T01:00:01.000000Z',
				limit: '100',
				'expand[]': ['data.actor', 'data.diff', 'data.chain'],
			},
		]);
		expect(script.requests[0]!.path).toBe('/audit_log_entries');
	});

	it('repeats the range beside the cursor', async () => {
		const script = scripted(listOf([], { has_more: false }));
		await source(script).page(RANGE, CURSOR);
		expect(script.queries()[0]).toMatchObject({ from_date: '2026-02-09T23:59:59.500000Z', starting_after: 'e1' });
	});

	it('asks for no more rows than the platform expands', async () => {
		const script = scripted({ refuse: 400, code: 'invalid_expand_unknown_field' }, listOf([], { has_more: false }));
		await source(script, 200).page(RANGE, undefined);
		expect(script.queries().map(({ limit }) => limit)).toEqual(['100', '200']);
	});
});

describe('the next position', () => {
	const next = async (answer: { text: string }, position?: Position, pageSize = 2) =>
		(await source(scripted(answer), pageSize).page(RANGE, position)).next;

	it('is next_cursor when there is one', async () => {
		expect(await next(listOf(entries(2), { has_more: true, next_cursor: 'n1' }))).toEqual({ cursor: 'n1' });
	});

	it.each([null, ''])('is the last id when next_cursor is %j', async (next_cursor) => {
		expect(await next(listOf(entries(2), { has_more: true, next_cursor }))).toEqual({ cursor: 'e1' });
	});

	it('is the last id when next_cursor repeats the cursor', async () => {
		expect(await next(listOf(entries(2, 2), { has_more: true, next_cursor: 'e1' }), CURSOR)).toEqual({ cursor: 'e3' });
	});

	it('follows a short page, and an empty one with next_cursor, while has_more is true', async () => {
		expect(await next(listOf(entries(1), { has_more: true }))).toEqual({ cursor: 'e0' });
		expect(await next(listOf([], { has_more: true, next_cursor: 'n1' }))).toEqual({ cursor: 'n1' });
	});

	it('is absent on an empty page without a cursor', async () => {
		expect(await next(listOf([], { has_more: true }))).toBeUndefined();
	});

	it('is absent when a short page says that there is no more', async () => {
		expect(await next(listOf(entries(1), { has_more: false, next_cursor: 'e0' }))).toBeUndefined();
	});

	it('does not believe a full page that says so: one more request', async () => {
		const script = scripted(listOf(entries(2), { has_more: false }), listOf([], { has_more: false }));
		const walk = source(script, 2);
		const first = await walk.page(RANGE, undefined);
		expect(first.next).toEqual({ cursor: 'e1' });
		expect((await walk.page(RANGE, first.next)).next).toBeUndefined();
	});

	it('does not believe it on 100 rows either when 200 were asked for', async () => {
		const script = scripted(
			{ refuse: 400, code: 'invalid_expand_unknown_field' },
			listOf(entries(100), { has_more: false }),
		);
		expect((await source(script, 200).page(RANGE, undefined)).next).toEqual({ cursor: 'e99' });
	});

	it('is refused when more is announced and no element has an id; the events of that page are read anyway', async () => {
		const script = scripted(listOf([{ created_at: '2026-02-10T07:00:00Z' }], { has_more: true }));
		const walk = source(script);
		const page = await walk.page(RANGE, undefined);
		expect(page.events).toHaveLength(1);
		expect(await thrown(walk.page(RANGE, page.next))).toBeInstanceOf(PositionRejected);
		expect(script.requests).toHaveLength(1);
	});
});

describe('a refused cursor', () => {
	it.each([400, 404, 410, 422])('with status %i is a rejected position', async (status) => {
		const error = await thrown(source(scripted({ refuse: status })).page(RANGE, CURSOR));
		expect(error).toBeInstanceOf(PositionRejected);
	});

	it.each([401, 403, 429, 500])('is none with status %i', async (status) => {
		const script = scripted({ refuse: status, required: 'audit:read' });
		expect(await thrown(source(script).page(RANGE, CURSOR))).toBeInstanceOf(RequestError);
	});

	it('is none without a cursor', async () => {
		expect(await thrown(source(scripted({ refuse: 404 })).page(RANGE, undefined))).toBeInstanceOf(RequestError);
	});

	it('does not make the source try the other path', async () => {
		const script = scripted({ refuse: 404 });
		expect(await thrown(source(script, 100, 'ent 1').page(RANGE, CURSOR))).toBeInstanceOf(PositionRejected);
		expect(script.requests.map(({ path }) => path)).toEqual(['/entities/ent%201/audit_log_entries']);
	});

	it('goes on below the oldest event', () => {
		expect(source(scripted()).onRejected).toBe('continueBelowOldest');
		expect(source(scripted()).reach).toBe(2_000_000_000n);
	});
});

describe('events', () => {
	it('have their bytes, id, time and the server time', async () => {
		const raw =
			'{ "created_at":"2026-02-10T15:00:00.123456Z", "id":"e1",  "metadata":{"big":9007199254740993,"x":1.0} }';
		const page = await source(scripted(listOf([raw], { has_more: false }))).page(RANGE, undefined);
		expect(page.events).toEqual([
			{ id: 'e1', time: parseInstant('2026-02-10T15:00:00.123456Z'), raw, json: JSON.parse(raw) as unknown },
		]);
		expect(page.serverTime).toBe(BigInt(Date.parse(DATE)) * 1_000_000n);
		expect(recordOf(arcusErp, page.events[0]!).body).toBe(raw);
	});

	it('of the fixtures are cut out byte for byte', async () => {
		const text = readFileSync(join(__dirname, '../../../sandbox/fixtures/arcus-audit-log-entries.json'), 'utf8');
		const page = await source(scripted({ text })).page(RANGE, undefined);
		expect(page.events).toHaveLength(13);
		for (const { raw } of page.events) expect(text).toContain(raw);
		expect(page.next).toEqual({ cursor: 'bce4d890-e21f-40c0-94ff-ee29ea825f39' });
	});

	it('without an id get a hash of their text', async () => {
		const raw = '{"created_at":"2026-02-10T07:00:00Z"}';
		const page = await source(scripted(listOf([raw], { has_more: false }))).page(RANGE, undefined);
		expect(page.events[0]!.id).toBe(`h:${hash128(raw)}`);
	});

	it('outside the range are delivered: the walk knows what it has', async () => {
		const old = entry('e1', { created_at: '1999-01-01T00:00:00Z' });
		const page = await source(scripted(listOf([old], { has_more: false }))).page(RANGE, undefined);
		expect(page.events).toHaveLength(1);
	});

	it('that cannot be events do not stop the page', async () => {
		const answer = listOf(['7', { id: 'e1' }, { id: 'e2', created_at: 'soon' }, entry('e3')], { has_more: false });
		const page = await source(scripted(answer)).page(RANGE, undefined);
		expect(page.events.map(({ id }) => id)).toEqual(['e3']);
		expect(page.invalid).toEqual([
			{ id: `h:${hash128('7')}`, raw: '7', reason: 'not a JSON object' },
			{ id: `e1#${hash128('{"id":"e1"}')}`, raw: '{"id":"e1"}', reason: 'no usable time in created_at' },
			{
				id: expect.stringMatching(/^e2#/) as string,
				raw: '{"id":"e2","created_at":"soon"}',
				reason: 'no usable time in created_at',
			},
		]);
	});

	it.each([
		[{ data: null, has_more: false }, undefined],
		[{ data: null, has_more: false, next_cursor: null, error: null }, undefined],
		[{ data: null, has_more: true, next_cursor: 'n1' }, { cursor: 'n1' }],
	])('are none in %j, which says how to go on', async (json, next) => {
		const page = await source(scripted({ json })).page(RANGE, undefined);
		expect([page.events, page.invalid, page.next]).toEqual([[], [], next]);
	});

	it.each([
		{ data: null, has_more: true },
		{ data: null, has_more: true, next_cursor: null },
		{ data: null, has_more: null },
		{ data: null, has_more: false, error: 'maintenance' },
		{ data: null, has_more: false, message: 'maintenance' },
		{ has_more: false },
	])('are not simply absent in %j', async (json) => {
		const error = await thrown(source(scripted({ json })).page(RANGE, undefined));
		expect(error).toMatchObject({ failure: { kind: 'malformed' } });
	});

	it.each([{}, [], null, { error: 'maintenance' }, { data: null }, { data: {} }])(
		'are not simply absent when the answer is %j',
		async (json) => {
			expect(await thrown(source(scripted({ json })).page(RANGE, undefined))).toMatchObject({
				failure: { kind: 'malformed' },
			});
		},
	);
});
