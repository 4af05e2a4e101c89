/**
 * Makes an answer small enough to be held, piece by piece as it arrives: long texts are cut, and of what is nested or long in an
 * element only the beginning is kept. It stays JSON, with the same elements, and says where something was left out. Ids, times
 * and cursors are short, so they are kept wherever they stand: what is larger than can be held is known by them, and passed.
 */
import { ARRAY, bytesOf, isClosing, isSpace, OBJECT } from './scan';

/** Longest text, number and space inside of an element, in bytes. */
const LONGEST = 1024;
/** Around the elements: a cursor must be kept whole. */
const LONGEST_AROUND = 65_536;
/** What is kept of an element before the rest of it, and of what is nested in it, is left out. */
const ELEMENT = 1_048_576;
const NESTED = 65_536;
const DEEPEST = 32;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const U = 117;

const said = (bytes: number) => `[${bytes} bytes left out]`;

/** Whether something of this element was left out. */
export const isCut = (raw: string): boolean => / bytes left out\]/.test(raw);

/** Takes one piece after the other, and gives what is kept of each. */
export function skimmer(): (piece: Uint8Array) => Uint8Array[] {
	/** `{` and `[` around the present place. */
	const open: number[] = [];
	let isEmpty = true;
	/** Bytes of the text so far; -1 outside of a text. */
	let text = -1;
	/** Bytes that still belong to an escape. */
	let escaped = 0;
	let run: { of: 'space' | 'scalar' | 'other'; bytes: number } = { of: 'other', bytes: 0 };
	/** How many containers are open around the one whose rest is left out, that one included. */
	let skipped = 0;
	let copying = true;
	/** Left out, and not yet said. */
	let left = 0;
	let kept = 0;
	/** `kept` at the beginning of the element. */
	let begun = 0;

	/** How far below the beginning of an element: below 0 around the elements. */
	const inside = () => open.length - (open[0] === ARRAY ? 2 : 3);

	return (piece) => {
		const parts: Uint8Array[] = [];
		let from = 0;
		// copies, because a view would hold all of the piece
		const keepUpTo = (end: number) => {
			if (copying && end > from) parts.push(piece.slice(from, end));
			if (copying) kept += end - from;
			from = end;
		};
		const copyFrom = (at: number, on: boolean) => {
			if (on === copying) return;
			keepUpTo(at);
			from = at;
			copying = on;
		};
		const isOver = (at: number) => inside() >= 0 && kept + (at - from) - begun > (inside() === 0 ? ELEMENT : NESTED);
		const say = (at: number, words: string) => {
			copyFrom(at, true);
			keepUpTo(at);
			parts.push(bytesOf(words));
			left = 0;
		};
		/** As a member of its own, before the comma or the end that stands here. */
		const sayLeft = (at: number) => {
			if (left === 0) return;
			// among the elements it would be taken for one
			if (inside() < 0) left = 0;
			else say(at, `${isEmpty ? '' : ','}${open.at(-1) === OBJECT ? '"…":' : ''}"…${said(left)}"`);
		};

		for (let i = 0; i < piece.length; i++) {
			const byte = piece[i]!;
			if (text >= 0) {
				text++;
				const isEscaped = escaped > 0;
				if (isEscaped) escaped = byte === U && escaped === 1 ? 4 : escaped - 1;
				else if (byte === QUOTE) {
					text = -1;
					if (skipped > 0) left++;
					else if (!copying) say(i, `…${said(left)}`);
					continue;
				} else if (byte === BACKSLASH) escaped = 1;
				// never inside of a letter or an escape
				const isCuttable = copying && !isEscaped && (byte & 0xc0) !== 0x80;
				if (isCuttable && text > (inside() < 0 ? LONGEST_AROUND : LONGEST)) copyFrom(i, false);
				if (!copying) left++;
				continue;
			}
			const of = isSpace(byte) ? 'space' : isMark(byte) ? 'other' : 'scalar';
			run = of === run.of ? run : { of, bytes: 0 };
			if (of !== 'other' && ++run.bytes > LONGEST && skipped === 0) copyFrom(i, false);
			else if (skipped === 0) copyFrom(i, true);
			if (skipped === 0 && (of === 'scalar' || byte === QUOTE)) isEmpty = false;

			if (byte === QUOTE) text = 0;
			else if (byte === OBJECT || byte === ARRAY) {
				open.push(byte);
				if (skipped === 0) {
					isEmpty = true;
					if (inside() === 0) {
						[begun, left] = [kept + (i - from), 0];
					} else if (open.length > DEEPEST) {
						copyFrom(i + 1, false);
						skipped = open.length;
						continue;
					}
				}
			} else if (isClosing(byte)) {
				if (skipped === open.length) skipped = 0;
				if (skipped === 0) {
					sayLeft(i);
					copyFrom(i, true);
					isEmpty = false;
				}
				open.pop();
			} else if (byte === COMMA && skipped === 0) {
				if (isOver(i)) {
					copyFrom(i, false);
					skipped = open.length;
				} else sayLeft(i);
			}
			if (!copying) left++;
		}
		keepUpTo(piece.length);
		return parts;
	};
}

const isMark = (byte: number): boolean =>
	byte === QUOTE || byte === COMMA || byte === COLON || byte === OBJECT || byte === ARRAY || isClosing(byte);
