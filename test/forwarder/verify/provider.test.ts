/** What the provider says about itself, and how far that reaches. */
import { chainWalker, counter, unlessRefused } from '../../../forwarder/verify/provider';
import type { Range, SourceEvent } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { SECOND } from '../../../core/time';

const signal = new AbortController().signal;
const event = (seconds: number): SourceEvent => ({
	id: `e${seconds}`,
	time: BigInt(seconds) * SECOND,
	raw: '{}',
	json: {},
});
const slice = (from: number, to: number, seconds: readonly number[]) => ({
	...{ from: BigInt(from) * SECOND, to: BigInt(to) * SECOND },
	...{ events: seconds.map(event), invalid: [] },
});

/** A provider with one row per second that walks at most `most` of them. */
function rows(seconds: readonly number[], most: number, brokenAt?: number) {
	const asked: [number, number][] = [];
	const verify = async ({ lower, upper }: Range) => {
		asked.push([Number(lower / SECOND), Number(upper! / SECOND)]);
		const walked = seconds
			.filter((one) => BigInt(one) * SECOND >= lower && BigInt(one) * SECOND <= upper!)
			.slice(0, most);
		const broken = brokenAt !== undefined && walked.includes(brokenAt);
		return {
			verified: !broken,
			chainLength: walked.length,
			...(broken && { brokenAt: `e${brokenAt}`, brokenReason: 'missing_row' }),
		};
	};
	return { verify, asked };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('its own walk over the chain', () => {
	test('is asked for in pieces below its limit', async () => {
		const { verify, asked } = rows(upTo(40), 20);
		const walker = chainWalker(20);
		for (const from of [0, 10, 20, 30])
			walker.slice(
				slice(
					from,
					from + 10,
					upTo(10).map((one) => from + one),
				),
			);
		expect(await walker.end({ verify }, signal)).toMatchObject({ verdict: 'proven' });
		expect(asked).toEqual([
			[-1, 11],
			[9, 21],
			[19, 31],
			[29, 41],
		]);
	});

	test('a piece with more rows than the limit is halved until all is walked', async () => {
		const { verify } = rows(upTo(40), 20);
		const walker = chainWalker(20);
		walker.slice(slice(0, 40, upTo(40)));
		expect(await walker.end({ verify }, signal)).toMatchObject({ verdict: 'proven' });
	});

	test('says where it breaks, also in a later piece', async () => {
		const { verify } = rows(upTo(40), 20, 33);
		const walker = chainWalker(20);
		walker.slice(slice(0, 40, upTo(40)));
		expect(await walker.end({ verify }, signal)).toEqual({
			...{ check: 'provider', verdict: 'broken', where: [{ id: 'e33', why: 'missing_row' }] },
			detail: 'the provider says its chain is broken at e33: missing_row',
		});
	});

	test('fewer rows walked than listed are not all covered', async () => {
		const { verify } = rows(upTo(5), 20);
		const walker = chainWalker(20);
		walker.slice(slice(0, 10, upTo(10)));
		expect(await walker.end({ verify }, signal)).toMatchObject({ verdict: 'unknown' });
	});

	test('more rows at one instant than the limit cannot be covered', async () => {
		const { verify } = rows(Array<number>(25).fill(5), 20);
		const walker = chainWalker(20);
		walker.slice(slice(0, 10, upTo(10)));
		expect(await walker.end({ verify }, signal)).toMatchObject({ verdict: 'unknown' });
	});
});

describe('its count', () => {
	const counted = async (...totals: (number | undefined)[]) => {
		const counter_ = counter([{ from: 0n, to: 20n * SECOND }]);
		counter_.slice(slice(0, 20, upTo(20)));
		return counter_.end({ total: async () => totals.shift() }, signal);
	};

	test.each([13, 14, 17])('%d of 20: the edges may count or not', async (total) => {
		expect(await counted(total)).toMatchObject({ check: 'count', verdict: 'proven' });
	});

	test('more than it lists, twice: broken, because something is not shown', async () => {
		expect(await counted(25, 25)).toMatchObject({
			...{ verdict: 'broken', detail: 'the provider counts 25 entries where it lists 19' },
		});
	});

	test('more at first only: something was written meanwhile', async () => {
		expect(await counted(25, 17)).toMatchObject({ verdict: 'proven' });
	});

	test('less than it lists, or none: unknown', async () => {
		expect(await counted(3, 3)).toMatchObject({ verdict: 'unknown' });
		expect(await counted(undefined)).toMatchObject({ verdict: 'unknown' });
	});

	test('a span of seconds is too short', async () => {
		const short = counter([{ from: 0n, to: 5n * SECOND }]);
		expect(await short.end({ total: async () => 1 }, signal)).toMatchObject({ verdict: 'unknown' });
	});
});

test('a refusal is unknown, a stop is not', async () => {
	const refused = new RequestError({
		kind: 'http',
		method: 'POST',
		path: '/verify',
		status: 403,
		required: 'audit:admin',
	});
	expect(await unlessRefused('provider', Promise.reject(refused))).toEqual({
		...{ check: 'provider', verdict: 'unknown' },
		detail: 'POST /verify: status 403 (missing scope audit:admin)',
	});
	const stopped = new RequestError({ kind: 'aborted', method: 'POST', path: '/verify' });
	await expect(unlessRefused('provider', Promise.reject(stopped))).rejects.toBe(stopped);
});
