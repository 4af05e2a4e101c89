/** Sends what is left of a batch, halving what is refused, and searching what is taken in part, until the records at fault are known. */
import { isDuplicate, type Search } from '../../core/otlp/search';
import { DOUBTFUL } from '../store/contract';
import { finalAnswer, type FinalAnswer, type Line } from './attempts';
import type { Item } from '../records/item';
import { startOver, type Piece, type Progress, type Refusal } from './progress';

/** 408 and 500 are transient this often. */
const MAYBE_ATTEMPTS = 5;
/** Requests are not made smaller than this because of one 413: its cause is a record then, not the request. */
const LEAST_REQUEST_BYTES = 64_000;

export type DeliveryOutcome =
	/** Nothing is left to do. */
	| { kind: 'done' }
	/** The rest waits in `progress` for somebody to change something. */
	| { kind: 'halted'; message: string };

/** Works on `progress` in place. Throws when `signal` aborts, or what `line.send` throws; `progress` stays right then. */
export async function deliver(
	progress: Progress,
	line: Line,
	probing: boolean,
	signal: AbortSignal,
): Promise<DeliveryOutcome> {
	for (;;) {
		const piece = progress.todo[0] ?? givenUpAgain(progress);
		if (!piece) return { kind: 'done' };
		const seen = (piece.seen ??= line.health.acceptances);
		// a receiver that accepts nothing else either is down, whatever it calls it
		const exhausted = () =>
			piece.givenUp === true ||
			(piece.maybes! >= MAYBE_ATTEMPTS && (piece.second === true || line.health.acceptances > seen));
		const { answer, items } = await finalAnswer(piece, { exhausted, probing }, line, signal);
		if (answer.kind === 'misconfigured' && !(piece.search && isDuplicate(answer.message))) {
			return { kind: 'halted', message: answer.message };
		}
		if (piece.trial && answer.kind !== 'accepted') {
			startOver(progress, line.limits);
			return { kind: 'halted', message: answer.message };
		}
		if (piece.search) {
			goOn(piece.search, answer);
			[piece.maybes, piece.seen] = [undefined, undefined];
			if (piece.search.next()) continue;
		}
		progress.todo.shift();
		if (piece.search) conclude(piece.search, progress, line);
		else {
			const rest = piece.items.slice(items.length);
			if (rest.length > 0) progress.todo.unshift({ ...piece, items: rest });
			settle({ ...piece, items }, answer, progress, line);
		}
	}
}

function settle(piece: Piece, answer: FinalAnswer, progress: Progress, line: Line): void {
	const { items } = piece;
	const refuse = (reason: Refusal['reason'], detail: string, certain = true) =>
		progress.refusals.push(...items.map((item) => ({ item, reason, detail, certain })));
	switch (answer.kind) {
		case 'accepted':
			progress.shipped += items.length;
			line.searches.taken();
			break;
		case 'partial': {
			line.warn(`${answer.rejected} of ${items.length} records refused: ${answer.message}`);
			const search = line.searches.begin(items, answer.rejected, answer.message);
			if (search.next()) progress.todo.unshift({ items, search });
			else conclude(search, progress, line);
			break;
		}
		case 'tooBig':
			if (items.length === 1) {
				refuse('too_large', answer.message);
				break;
			}
			line.limits.bytes = Math.min(line.limits.bytes, Math.max(LEAST_REQUEST_BYTES, bytesOf(piece) / 2));
			progress.todo.unshift(...halves(piece, piece.givenUp));
			break;
		case 'poison':
			if (items.length === 1) refuse('rejected', answer.message, answer.certain || piece.second === true);
			else progress.todo.unshift(...halves(piece, !answer.certain));
			break;
		case 'misconfigured':
			// only of a search: `deliver` halts otherwise
			break;
	}
}

/** Whatever is not a count, although the same records were taken in part before, tells nothing about them. */
function goOn(search: Search<Item>, answer: FinalAnswer): void {
	if (answer.kind === 'accepted') search.answered(0, '');
	else if (answer.kind === 'partial') search.answered(answer.rejected, answer.message);
	else search.giveUp(`a part that was sent again was refused differently: ${answer.message}`);
}

function conclude(search: Search<Item>, progress: Progress, { searches }: Line): void {
	searches.ended(search);
	progress.shipped += search.taken.length;
	for (const { item, message } of search.refused) {
		const detail = message || 'refused in a partial success, without a reason';
		progress.refusals.push({ item, reason: 'rejected', detail, certain: true });
	}
	for (const item of search.doubtful) {
		progress.refusals.push({ item, reason: DOUBTFUL, detail: search.doubt, certain: true });
	}
}

/**
 * A record given up after 500 during an outage is not at fault. When the receiver has taken others of the same batch, it is
 * well enough for a second opinion.
 */
function givenUpAgain(progress: Progress): Piece | undefined {
	if (progress.shipped === 0) return undefined;
	const index = progress.refusals.findIndex(({ certain }) => !certain);
	if (index < 0) return undefined;
	const [refusal] = progress.refusals.splice(index, 1);
	const piece: Piece = { items: [refusal!.item], second: true };
	progress.todo.push(piece);
	return piece;
}

function halves({ items }: Piece, givenUp = false): Piece[] {
	const middle = Math.ceil(items.length / 2);
	return [items.slice(0, middle), items.slice(middle)].map((half) => ({ items: half, givenUp }));
}

function bytesOf({ items }: Piece): number {
	return items.reduce((sum, { bytes }) => sum + bytes, 0);
}
