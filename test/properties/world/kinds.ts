/** The switches of each simulated provider: everything its documentation leaves open, and what it does wrong. */
import fc from 'fast-check';
import type { Kind } from './commands';
import type { SimName, Switches } from './sim';

const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Switches> =>
	fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Switches>;

const all = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Switches> =>
	fc.record(fields) as fc.Arbitrary<Switches>;

const of = fc.constantFrom;

export const kinds: Record<SimName, Kind> = {
	arpio: {
		sim: 'arpio',
		fixed: all({
			envelope: of<unknown>('object', { key: 'items' }),
			token: of('body', 'header'),
			tokenHeader: of('nextToken', 'x-next-token', 'link'),
			pageSize: of<unknown>('honoured', 'honoured', 'rejected', { cap: 2 }),
			defaultPageSize: of(1, 3, 100),
			order: of('ascending', 'descending', 'shuffled'),
			tokenKind: of('keyset', 'offset'),
			tokenWindow: of('from-query', 'bound'),
		}),
		switches: some({
			lastToken: of('absent', 'null', 'empty'),
			tokenExpiryMs: of(-1, 1000, 60_000, 900_000),
			tokenRejection: of(400, 401, 403, 404, 410, 422),
			emptyPageEvery: of(0, 0, 2, 3),
			repeatToken: fc.nat(5).map((n) => n === 0),
			upperBound: of('inclusive', 'exclusive'),
		}),
	},
	arcus: {
		sim: 'arcus',
		fixed: all({ ties: of('newest-first', 'oldest-first') }),
		switches: some({
			hasMore: of('right', 'always', 'never'),
			nextCursor: of('present', 'null'),
			unknownCursor: of(404, 400),
			fromDate: of('inclusive', 'exclusive'),
			toDate: of('inclusive', 'exclusive'),
			listExpand: of('accepted', 'rejected'),
			maxLimit: of(100, 200),
		}),
	},
	auditapi: {
		sim: 'auditapi',
		fixed: all({ ties: of('newest-first', 'oldest-first') }),
		switches: some({
			hasMore: of('right', 'always', 'never'),
			endingBefore: of('adjacent', 'newest'),
			climbingHasMore: of('newer', 'older'),
			unknownCursor: of(404, 422),
			endDate: of('inclusive', 'exclusive'),
			dayOffsetMinutes: of(0, 14 * 60, -12 * 60, 330),
			errors: of('by-status', 'message', 'error-object'),
		}),
	},
};
