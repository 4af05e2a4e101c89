import { recordLine, unseenBy } from '../../../../forwarder/cli/tail/text';
import type { SourceDetail } from '../../../../forwarder/server/api/types';
import { createUi } from '../../../../forwarder/cli/ui';
import { linesOf } from '../../../support/terminal';

const at = Date.parse('2026-03-04T12:00:09Z');
const record = {
	...{
		source: 'erp',
		id: '1',
		time: '2026-03-04T12:00:05.123000Z',
		at,
		severity: 'ERROR',
		event: 'arcus.user.removed',
	},
	attributes: { 'user.email': 'ada@example.com', 'audit.target.type': 'user', 'audit.target.id': 17 },
	body: '{}',
};
const ui = (columns?: number, color = false) =>
	createUi(
		{ write: () => true, isTTY: columns !== undefined, columns },
		color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' },
	);

test('when, which source, how bad, what, who and to what', () => {
	expect(recordLine(record, ui())).toBe('12:00:05  erp       ERROR  arcus.user.removed  ada@example.com  → user 17\n');
});

test('the day of an event that happened on another one, and only what is known', () => {
	const old = { ...record, time: '2025-12-31T23:59:59.000000Z', attributes: {} };
	expect(recordLine(old, ui())).toBe('2025-12-31T23:59:59Z  erp       ERROR  arcus.user.removed\n');
});

test('a terminal gets one line, whatever an event holds', () => {
	const long = { ...record, event: 'a\u001b[2Jb\nc'.padEnd(100, 'x') };
	for (const color of [false, true]) {
		const line = recordLine(long, ui(40, color));
		expect(linesOf(line)).toEqual(['12:00:05  erp       ERROR  a\\u001b[2Jb c…'.slice(0, 39) + '…']);
	}
});

describe('what the worker that is asked does not see', () => {
	const worker = { id: 'a-1', living: 2, shards: 64, held: 22, unowned: 0 };
	const source = (name: string, of?: string) => ({ row: { name, ...(of && { worker: of }) } as SourceDetail['row'] });

	test('is said with its share of the shards', () => {
		expect(unseenBy(worker, [])).toEqual([
			'worker a-1 has 22 of 64 shards: the sources of the others are not seen here',
		]);
		expect(unseenBy(worker, [source('dr')])).toHaveLength(1);
	});

	test('is said of a source that another one reads', () => {
		expect(unseenBy(worker, [source('dr'), source('erp', 'b-2')])).toEqual([
			'erp is read by b-2: its records are seen there, not here',
		]);
	});

	test('is nothing with all shards, and where there are none', () => {
		expect(unseenBy({ ...worker, held: 64 }, [])).toEqual([]);
		expect(unseenBy(undefined, [source('dr')])).toEqual([]);
	});
});
