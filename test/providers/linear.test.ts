/** The work on a page is linear in its bytes, counted as bytes that are looked at and not as time. */
import { arcusErp } from '../../providers/arcus-erp/provider';
import { arpio } from '../../providers/arpio/provider';
import { auditApi } from '../../providers/auditapi/provider';
import type { Provider } from '../../core/provider';
import { readingJson } from '../../core/http/readJson';
import { redact } from '../../core/json/redact';
import { countingBytes } from '../support/countingBytes';
import { door } from '../support/door';

/** Passes over the text of a page: cut, decoded, parsed, redacted, mapped, with ids looked for in it. */
const PASSES = 25;

const AT = '"2026-02-11T09:00:00Z"';
const many = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, index) => of(index));
const HUGE = 2n ** 60n + 1n;

const shapes: Record<string, (field: string) => string> = {
	'500 ids beyond 2^53': () =>
		`"resources":[${many(500, (index) => `{"type":"app","id":${HUGE + BigInt(index)}}`).join(',')}]`,
	'2,000 lists in one another': () => `"payload":${'['.repeat(2_000)}${']'.repeat(2_000)}`,
	'2,000 objects in one another': () => `"payload":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
	'a number of 5,000 digits': () => `"entity_id":1${'7'.repeat(5_000)},"accountId":1${'7'.repeat(5_000)}`,
	'a text of 5,000 quotes': () => `"description":"${'\\"'.repeat(5_000)}"`,
	'1,000 members of one name': () => many(1_000, (index) => `"session_id":${HUGE + BigInt(index)}`).join(','),
	'1,000 members': () => many(1_000, (index) => `"k${index}":1`).join(','),
	'a time of 5,000 digits': (field) => `"${field}":"2026-02-11T09:00:00.${'1'.repeat(5_000)}Z"`,
	'no JSON, 5,000 brackets': () => `"a":NaN,"payload":${'[{'.repeat(21_000)}${'}]'.repeat(21_000)}`,
};

const providers: [Provider, list: string, id: string, time: string][] = [
	[arpio, 'events', 'eventId', 'timestamp'],
	[arcusErp, 'data', 'id', 'created_at'],
	[auditApi, 'data', 'id', 'timestamp'],
];

const cases = providers.flatMap((provider) =>
	Object.keys(shapes).map((name) => [provider[0].title, name, ...provider] as const),
);

test.each(cases)('%s, %s: each byte is looked at a few times', async (_title, name, provider, list, id, time) => {
	const element = `{"${id}":${HUGE},"${time}":${AT},${shapes[name]!(time)}}`;
	const page = Buffer.from(`{"${list}":[${element},${element}],"has_more":false}`);
	const looked = countingBytes();
	try {
		const transport = async () => ({ status: 200, headers: {}, body: looked.at(page) });
		const source = provider.source(
			readingJson(transport, { now: () => 0 }),
			{ accountId: 'a' },
			{ pageSize: 10 },
			door,
		);
		const { events, invalid } = await source.page({ lower: 0n }, undefined);
		expect(events.length + invalid.length).toBe(2);
		for (const event of events) provider.draft(event);
		for (const { raw } of [...events, ...invalid]) redact(raw, 'payload.*.a.b.c');
		expect(looked.count() / page.length).toBeLessThan(PASSES);
	} finally {
		looked.end();
	}
});
