import { createFooter } from '../../../forwarder/cli/footer';
import { linesOf } from '../../support/terminal';

function footer(columns = 20) {
	let written = '';
	const { above, show, done } = createFooter({ write: (text) => (written += text), isTTY: true, columns });
	return { above, show, done, seen: () => linesOf(written), written: () => written };
}

test('stays below what is written, and is gone at the end', () => {
	const { above, show, done, seen } = footer();
	above.write('first\n');
	show('1 event');
	above.write('second\n');
	above.write('third\n');
	expect(seen()).toEqual(['first', 'second', 'third', '1 event']);
	show('12 events');
	expect(seen()).toEqual(['first', 'second', 'third', '12 events']);
	done();
	above.write('last\n');
	expect(seen()).toEqual(['first', 'second', 'third', 'last']);
});

test('a shorter one leaves nothing of the longer, and one that is too long is cut: what wraps could not be taken back', () => {
	const { above, show, seen } = footer(10);
	show('a longer one than ten');
	expect(seen()).toEqual(['a longer']);
	show('b');
	above.write('x\n');
	expect(seen()).toEqual(['x', 'b']);
});

test('the same again is not written again', () => {
	const { show, written } = footer();
	show('1 event');
	const before = written();
	show('1 event');
	expect(written()).toBe(before);
});
