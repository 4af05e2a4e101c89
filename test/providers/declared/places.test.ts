import { idReader } from '../../../providers/declared/id';
import { linksIn, nextLink } from '../../../providers/declared/link';
import { expanded, stepsOf, valueAt } from '../../../providers/declared/places';
import { timeReader } from '../../../providers/declared/time';
import type { Element } from '../../../core/json/parse';

const element = (raw: string): Element => ({ raw, json: JSON.parse(raw) as unknown });

describe('places', () => {
	test('names, indexes, and dots that are part of a name', () => {
		expect(stepsOf('targets.0.id')).toEqual(['targets', 0, 'id']);
		expect(stepsOf('@odata\\.nextLink')).toEqual(['@odata.nextLink']);
		expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
	});

	test('nothing is found in what is inherited, in texts, or by a name in a list', () => {
		expect(valueAt({}, ['constructor'])).toBeUndefined();
		expect(valueAt('text', ['length'])).toBeUndefined();
		expect(valueAt([1], ['length'])).toBeUndefined();
		expect(valueAt({ 0: 'x' }, [0])).toBeUndefined();
	});

	test('all of a list, also of lists in it', () => {
		const json = { a: [{ b: [1, 2] }, { b: [3] }, {}] };
		expect(expanded(json, ['a', '*', 'b', '*'])).toEqual([
			['a', 0, 'b', 0],
			['a', 0, 'b', 1],
			['a', 1, 'b', 0],
		]);
	});
});

describe('ids', () => {
	test('of several parts, none of which can be taken for another', () => {
		const of = idReader({ id: ['a', 'b'] });
		expect(of(element('{"a":"x|","b":"y"}'))).toBe('x\\||y');
		expect(of(element('{"a":"x","b":"|y"}'))).toBe('x|\\|y');
		expect(of(element('{"a":"x"}'))).toBeUndefined();
	});

	test('beyond 2^53 they keep their digits', () => {
		expect(idReader({ id: 'id' })(element('{"id":90071992547409931}'))).toBe('90071992547409931');
		expect(idReader({ id: ['n.id', 'b'] })(element('{"n":{"id":90071992547409931},"b":1}'))).toBe(
			'90071992547409931|1',
		);
	});

	test('by named members, whatever else the event holds and in whatever order', () => {
		const of = idReader({ hash: ['at', 'who.id'] });
		const id = of(element('{"at":"t","who":{"id":90071992547409931},"n":1}'));
		expect(of(element('{"n":2,"who":{"id":90071992547409931},"at":"t"}'))).toBe(id);
		expect(of(element('{"at":"t","who":{"id":90071992547409932}}'))).not.toBe(id);
		expect(of(element('{"n":1}'))).toBeUndefined();
	});
});

test.each<[string, unknown, bigint | undefined]>([
	['epoch-s', 1790000000, 1790000000_000000000n],
	['epoch-s', '1790000000.5', 1790000000_500000000n],
	['epoch-s', 1790000000.25, 1790000000_250000000n],
	['epoch-ms', 1790000000123, 1790000000_123000000n],
	['epoch-us', '1790000000123456', 1790000000_123456000n],
	['epoch-ms', -1, -1000000n],
	['epoch-s', 1e30, undefined],
	['epoch-s', 'soon', undefined],
	['epoch-s', true, undefined],
	['iso', '2026-09-21T14:13:20.1234567Z', 1790000000_123456700n],
	['iso', '2026-09-21T14:13:20+0000', 1790000000_000000000n],
	['iso', 1790000000, undefined],
])('a time as %s: %j', (timeAs, value, expected) => {
	const of = timeReader({ time: ['first', 'deep.at'], timeAs: timeAs as 'iso' });
	expect(of({ deep: { at: value } })).toBe(expected);
	expect(of({ first: null, deep: { at: value } })).toBe(expected);
});

describe('the header Link', () => {
	test('the next page among others, with commas in addresses and words without quotes', () => {
		const header =
			'<https://a.test/x?c=1,2;3>; rel="first last", <https://a.test/x?c=4,5>; title="a, b"; rel=next; results="false"';
		expect(linksIn(header)).toHaveLength(2);
		expect(nextLink(header)).toEqual({
			address: 'https://a.test/x?c=4,5',
			attributes: { title: 'a, b', rel: 'next', results: 'false' },
		});
	});

	test.each(['', 'no link', '<https://a.test>', '<https://a.test>; rel="nextish"', '<'.repeat(100_000)])(
		'none: %#',
		(header) => {
			expect(nextLink(header)).toBeUndefined();
		},
	);
});
