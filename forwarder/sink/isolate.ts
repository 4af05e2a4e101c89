/** Sends what is left of a batch, halving what is refused until the records at fault are alone. */
import { finalAnswer, type FinalAnswer, type Line } from './attempts';
import { backoffMs } from './backoff';
import { startOver, type Piece, type Progress, type Refusal } from './progress';

/** 408 and 500 are transient this often. */
const MAYBE_ATTEMPTS = 5;
/** Requests are not made smaller than this because of one 413: its cause is a record then, not the request. */
const LEAST_REQUEST_BYTES = 64_000;

export type Outcome =
	/** Nothing is left to do. */
	| { kind: 'done' }
	/** The rest waits in `progress` for somebody to change something. */
	| { kind: 'halted'; message: string };

/** Works on `progress` in place. Throws when `signal` aborts, or what `line.send` throws; `progress` stays right then. */
export async function deliver(progress: Progress, line: Line, probing: boolean, signal: AbortSignal): Promise<Outcome> {
	for (;;) {
		const piece = progress.todo[0] ?? doubtfulAgain(progress);
		if (!piece) return { kind: 'done' };
		const seen = line.health.acceptances;
		const exhausted = (maybes: number) =>
			piece.doubtful
				? maybes >= 1
				: maybes >= MAYBE_ATTEMPTS && (progress.items.length > 1 || line.health.acceptances > seen);
		const answer = await finalAnswer(piece.items, { exhausted, probing }, line, signal);
		if (answer.kind === 'misconfigured') return { kind: 'halted', message: answer.message };
		if (piece.trial && (answer.kind === 'poison' || answer.kind === 'tooBig')) {
			startOver(progress, line.limits);
			return { kind: 'halted', message: answer.message };
		}
		progress.todo.shift();
		settle(piece, answer, progress, line);
		// a receiver that fails needs rest, and the next piece would only be its next failure
		if (answer.kind === 'poison' && !answer.certain) await line.clock.sleep(backoffMs(0, line.random), signal);
	}
}

function settle(
	piece: Piece,
	answer: Exclude<FinalAnswer, { kind: 'misconfigured' }>,
	progress: Progress,
	line: Line,
): void {
	const { items } = piece;
	const refuse = (reason: Refusal['reason'], detail: string, certain = true) =>
		progress.refusals.push(...items.map((item) => ({ item, reason, detail, certain })));
	switch (answer.kind) {
		case 'accepted':
			progress.shipped += items.length;
			break;
		case 'suspect':
			progress.shipped += Math.max(0, items.length - answer.rejected);
			refuse(
				'partial_success',
				`${answer.rejected} of ${items.length} records refused, unknown which: ${answer.message}`,
			);
			break;
		case 'tooBig':
			if (items.length === 1) {
				refuse('too_large', answer.message);
				break;
			}
			line.limits.bytes = Math.min(line.limits.bytes, Math.max(LEAST_REQUEST_BYTES, bytesOf(piece) / 2));
			progress.todo.unshift(...halves(piece, piece.doubtful));
			break;
		case 'poison':
			if (items.length === 1) refuse('rejected', answer.message, answer.certain || piece.second === true);
			else progress.todo.unshift(...halves(piece, !answer.certain));
			break;
	}
}

/**
 * A record given up after 500 during an outage is not at fault. When the receiver has taken others of the same batch, it is
 * well enough for a second opinion.
 */
function doubtfulAgain(progress: Progress): Piece | undefined {
	if (progress.shipped === 0) return undefined;
	const index = progress.refusals.findIndex(({ certain }) => !certain);
	if (index < 0) return undefined;
	const [refusal] = progress.refusals.splice(index, 1);
	const piece: Piece = { items: [refusal!.item], second: true };
	progress.todo.push(piece);
	return piece;
}

function halves({ items }: Piece, doubtful = false): Piece[] {
	const middle = Math.ceil(items.length / 2);
	return [items.slice(0, middle), items.slice(middle)].map((half) => ({ items: half, doubtful }));
}

function bytesOf({ items }: Piece): number {
	return items.reduce((sum, { bytes }) => sum + bytes, 0);
}
