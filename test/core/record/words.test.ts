import { remember } from '../../../core/record/words';

test('a rule is asked once for each name, also when it has nothing to say', () => {
	const asked: string[] = [];
	const meaning = remember((name) => (asked.push(name), name === 'login' ? 'access' : undefined));
	expect(['login', 'x', 'login', 'x'].map(meaning)).toEqual(['access', undefined, 'access', undefined]);
	expect(asked).toEqual(['login', 'x']);
});

test('names that are made up for each event are forgotten again', () => {
	let asked = 0;
	const count = remember(() => ++asked);
	for (let n = 0; n < 600; n++) count(`name ${n}`);
	expect(count('name 599')).toBe(600);
	expect(count('name 0')).toBe(601);
});

test('free text in place of a name is not kept', () => {
	let asked = 0;
	const count = remember(() => ++asked);
	const text = 'x'.repeat(501);
	expect([count(text), count(text)]).toEqual([1, 2]);
});
