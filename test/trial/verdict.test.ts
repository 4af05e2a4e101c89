/** A harness that cannot fail proves nothing. */
import { canaries, leaksIn } from '../chaos/canaries';
import { kills } from '../chaos/kills';
import type { Copy } from './receiver';
import { judge, type Evidence } from './verdict';

const copy = (uid: string, life = 0, more: Partial<Copy> = {}): Copy => ({ uid, body: uid, at: 0, life, ...more });

function verdict(copies: Copy[], more: Partial<Evidence> = {}) {
	const truth = new Map(['arpio:a', 'arpio:b'].map((uid) => [uid, uid]));
	return judge({ truth, copies, letters: new Map(), causeOf: kills(new Set([0])).causeOf, ...more });
}

test('an event that is nowhere is lost; a dead letter is not', () => {
	expect(verdict([copy('arpio:a')])).toMatchObject({ arrived: 1, lost: ['arpio:b'] });
	const letters = new Map([['arpio:b', 'rejected']]);
	expect(verdict([copy('arpio:a')], { letters })).toMatchObject({ deadLettered: 1, lost: [] });
});

test('an extra copy needs a fault of its own', () => {
	const twice = [copy('arpio:a', 1), copy('arpio:a', 1)];
	expect(verdict(twice).unexplained).toHaveLength(1);
	const unheard = [copy('arpio:a', 1, { unheard: 'reset' }), copy('arpio:a', 1)];
	expect(verdict(unheard)).toMatchObject({ unexplained: [], explained: { reset: 1 } });
	expect(verdict([...unheard, copy('arpio:a', 1)]).unexplained).toHaveLength(1);
});

test('a kill explains one more copy in a later life, and only when there was one', () => {
	expect(verdict([copy('arpio:a', 0), copy('arpio:a', 1)])).toMatchObject({
		unexplained: [],
		explained: { kill: 1 },
	});
	expect(verdict([copy('arpio:a', 1), copy('arpio:a', 2)]).unexplained).toHaveLength(1);
});

test('other text and events that never happened are seen', () => {
	const found = verdict([copy('arpio:a', 0, { body: 'other' }), copy('arpio:c')]);
	expect(found).toMatchObject({ altered: ['arpio:a'], invented: ['arpio:c'] });
});

test.each(['', 'x', 'xy', 'xyz'])('a key is found as it is and in base64 after "%s"', (before) => {
	const planted = canaries(1);
	for (const text of [before + planted.header, Buffer.from(`${before}${planted.header}!`).toString('base64')]) {
		expect(leaksIn(`log: ${text} end`, 'log', planted)).not.toEqual([]);
	}
	expect(leaksIn('log: nothing', 'log', planted)).toEqual([]);
});
