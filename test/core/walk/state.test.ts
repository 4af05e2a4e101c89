import type { StreamState } from '../../../core/walk/contract';
import { applied } from '../../../core/walk/state';

const walk = { windows: [{ lower: 1n }], pages: 1, rejections: 0 } as const;
const state: StreamState = { start: 1n, watermark: 2n, walk, kept: { a: 1 } };

it('leaves what a change does not mention', () => {
	expect(applied(state, {})).toEqual(state);
	expect(applied(state, { watermark: 3n })).toEqual({ ...state, watermark: 3n });
});

it('ends a walk, moves the start, keeps what the source says', () => {
	expect(applied(state, { walk: null })).toEqual({ ...state, walk: undefined });
	expect(applied(state, { start: 0n, watermark: 0n, kept: { b: 2 } })).toMatchObject({ start: 0n, kept: { b: 2 } });
});

it('knows that it was told once that the provider ignores its filter', () => {
	const told = applied(state, { gaps: [{ reason: 'filter_ignored', detail: 'x' }] });
	expect(applied(told, { gaps: [{ reason: 'rejected', detail: 'x' }] }).filterIgnored).toBe(true);
	expect(applied(state, { gaps: [{ reason: 'rejected', detail: 'x' }] }).filterIgnored).toBeFalsy();
});
