import { FIRST, press, SORTS, type Shown } from '../../../../forwarder/cli/top/keys';

const page = { rows: 10, total: 25 };
/** What is shown after these keys; `quit` ends it. */
function after(...names: string[]): Shown | 'quit' {
	let shown: Shown = FIRST;
	for (const name of names) {
		const next = press(shown, name.length === 1 ? { name, sequence: name } : { name }, page);
		if (next === 'quit') return next;
		shown = next;
	}
	return shown;
}

test('q and Ctrl-C quit, also while a filter is typed', () => {
	expect(after('q')).toBe('quit');
	expect(press({ ...FIRST, isTyping: true }, { name: 'c', ctrl: true }, page)).toBe('quit');
	expect(after('/', 'q')).toMatchObject({ filter: 'q', isTyping: true });
});

test('arrows and pages scroll, and stop at both ends', () => {
	expect(after('up')).toMatchObject({ offset: 0 });
	expect(after('down', 'down')).toMatchObject({ offset: 2 });
	expect(after('pagedown', 'pagedown', 'pagedown')).toMatchObject({ offset: 15 });
	expect(after('end', 'pageup')).toMatchObject({ offset: 5 });
	expect(after('end', 'home')).toMatchObject({ offset: 0 });
	expect(press(FIRST, { name: 'down' }, { rows: 10, total: 3 })).toMatchObject({ offset: 0 });
});

test('s goes through what can be sorted by, from the top, and comes round', () => {
	expect(after('down', 's')).toMatchObject({ sort: 'lag', offset: 0 });
	expect(after(...SORTS.map(() => 's'))).toMatchObject({ sort: 'problems' });
});

test('/ filters while it is typed; Enter keeps the filter, Esc clears it', () => {
	expect(after('down', '/', 'e', 'u', '-')).toEqual({ sort: 'problems', filter: 'eu-', isTyping: true, offset: 0 });
	expect(after('/', 'e', 'u', 'backspace', 'return')).toMatchObject({ filter: 'e', isTyping: false });
	expect(after('/', 'e', 'escape')).toMatchObject({ filter: '', isTyping: false });
	expect(after('/', 'e', 'return', 'escape')).toMatchObject({ filter: '' });
});

test('any other key changes nothing', () => {
	expect(after('x')).toBe(FIRST);
	expect(press(FIRST, { sequence: '\u001b[1;5A' }, page)).toBe(FIRST);
});
