import { paceResult, requestsPerMinute } from '../../../forwarder/prove/pace';
import { prove } from '../../../forwarder/prove/prove';
import { subjectOf } from '../../../forwarder/prove/subject';
import type { Result } from '../../../forwarder/prove/verdict';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { example, others, styles } from './styles';

const { cursor } = styles;

test('a source where nothing happens asks once a poll', async () => {
	const counted = async (declaration: Declaration) => (await prove(subjectOf(declaration, [example]))).quietRequests;
	expect(await counted(cursor)).toBe(1);
	expect(await counted(others['empty pages at the end'])).toBe(1);
});

test('what came late may come again with every poll: ten minutes of it, and a sweep of two days every hour', () => {
	// 600 events a minute for 11 minutes, 100 a page
	expect(requestsPerMinute(cursor, 600, 1)).toBeCloseTo(67, 0);
	const swept = { ...cursor, reconcile: { every: '1h', span: '48h' } };
	expect(requestsPerMinute(swept, 600, 1) - requestsPerMinute(cursor, 600, 1)).toBeCloseTo((600 * 48 * 60) / 100 / 60);
});

test('larger pages while it catches up are counted', () => {
	// 6620 events: 100, 200, 400, then 800 a page
	const declaration = { ...cursor, page: { ...cursor.page, maxSize: 800 } };
	expect(requestsPerMinute(declaration, 600, 1)).toBe(3 + Math.ceil((6620 - 700) / 800));
});

test.each<[string, Declaration, Result['status'], says: RegExp]>([
	[
		'enough',
		{ ...cursor, limits: { perMinute: 100 } },
		'ok',
		/^1 of 100 requests a minute when nothing happens; 67 with 600 events a minute$/,
	],
	['enough, but not for every minute', cursor, 'ok', /with more than 540 a poll takes longer than a minute/],
	[
		'too few for a busy source',
		{ ...cursor, limits: { perMinute: 5 } },
		'warning',
		/Raise `page.maxSize`.* 500 events a minute are the most that can be read/,
	],
])('limits that are %s', (_what, declaration, status, says) => {
	const result = paceResult(declaration, 1);
	expect(result.status).toBe(status);
	expect([result.detail, ...(result.fix ? [result.fix] : [])].join(' → ')).toMatch(says);
});

test('limits that are too few for a quiet one', () => {
	const { status, fix } = paceResult({ ...cursor, limits: { perMinute: 1 } }, 2);
	expect([status, fix]).toEqual(['warning', 'Set a longer `pollInterval` in the source']);
});
