import { FormError } from '../../../core/json/form';
import { decode, encode, gapsForm, intervalsForm, streamForm, walkForm } from '../../../core/walk/codec';
import type { Gap, StreamState, Walk } from '../../../core/walk/contract';
import { formerState } from '../../../core/walk/former';

const walk: Required<Walk> = {
	windows: [{ lower: -1n, upper: 5n }, { lower: 5n }],
	...{ position: { cursor: '42n', page: 3 }, begun: { before: '2026-02-11T08:02:14Z' } },
	...{ startedAt: 1770796934217018999n, oldest: 4n, below: 3n, pages: 2, rejections: 1, size: 7, skim: true },
};

it('gives back all of a stream, to the nanosecond, and cursors as the text that they are', () => {
	const state: Required<StreamState> = {
		...{ start: -9_000_000_000_000_000_001n, watermark: 9_000_000_000_000_000_001n, walk, filterIgnored: true },
		kept: { lower: '5n', time: '2026-02-11T08:02:14Z', list: [['a', '7']] },
	};
	expect(decode(streamForm, encode(streamForm, state))).toStrictEqual(state);
	const least: StreamState = { start: 1n, watermark: 2n, walk: undefined };
	expect(decode(streamForm, encode(streamForm, least))).toEqual(least);
});

it('writes instants as people read them', () => {
	expect(encode(intervalsForm, [{ from: 1n, to: 1770796934217018999n }])).toBe(
		'[{"from":"1970-01-01T00:00:00.000000001Z","to":"2026-02-11T08:02:14.217018999Z"}]',
	);
	const gaps: Gap[] = [{ reason: 'retention', to: 7n, detail: '5n' }];
	expect(decode(gapsForm, encode(gapsForm, gaps))).toStrictEqual(gaps);
});

it.each([
	['no window', { windows: [] }, 'windows: is empty'],
	['an instant that is none', { windows: [{ lower: '5n' }] }, 'windows.0.lower: is not an instant of the form'],
	['an instant beyond 64 bits', { below: '9999-01-01T00:00:00Z' }, 'below: is not an instant of the form'],
	['half a page', { pages: 0.5 }, 'pages: is not a whole number from 0 on'],
	['a cursor that is a list', { position: ['a'] }, 'position: is not an object of texts and numbers'],
	['a member that nobody knows', { climbing: 'a' }, 'unknown: climbing'],
	['no page count', { pages: undefined }, 'pages: is not a whole number'],
])('refuses a walk with %s, and says where', (_what, part, message) => {
	const json = { ...(walkForm.write(walk) as object), ...part };
	expect(() => walkForm.read(json)).toThrow(FormError);
	expect(() => walkForm.read(json)).toThrow(message);
});

it('reads what was written while instants were numbers: a text that looked like one was marked', () => {
	const ids = ['5n', '-5n', '~5n', '5', 'n', '~'];
	expect(formerState('["~5n","~-5n","~~5n","5","n","~"]')).toEqual(ids);
	expect(formerState('[{"id":"a","time":"-12n"}]')).toEqual([{ id: 'a', time: -12n }]);
});
