/** Repeats one request until its answer is final. */
import type { Clock } from '../../core/contract';
import type { Searches } from '../../core/otlp/search';
import type { Answer } from '../export/answer';
import type { RequestLimits } from '../export/chunk';
import type { Health } from './health';
import type { Item } from '../records/item';
import type { Outage } from './outage';
import type { Piece } from './progress';

/** What the batches of one destination share. */
export interface Line {
	send: (items: readonly Item[], signal: AbortSignal) => Promise<Answer>;
	clock: Clock;
	random: () => number;
	outage: Outage;
	health: Health;
	/** Lowered when the receiver finds a request too large. */
	limits: RequestLimits;
	/** For what comes back taken in part. */
	searches: Searches;
	warn: (message: string) => void;
}

export type FinalAnswer =
	| Extract<Answer, { kind: 'accepted' | 'partial' | 'tooBig' | 'misconfigured' }>
	/** `certain` is false after 408 and 500, which may have meant "later" anyway. */
	| { kind: 'poison'; message: string; certain: boolean };

export interface Patience {
	/** Whether 408 or 500 counts as a refusal now. */
	exhausted: () => boolean;
	/** Send although the destination is halted: this is the attempt to find out whether it still has to be. */
	probing: boolean;
}

export interface Answered {
	answer: FinalAnswer;
	/** What was asked about: the items of the piece, or during an outage its first one. */
	items: readonly Item[];
}

/**
 * Transient failures are repeated forever. During an outage one record of `piece` is sent when it is its turn, another each time: the
 * one that was sent may be what the receiver fails over. Throws when `signal` aborts, or what `send` throws.
 */
export async function finalAnswer(
	piece: Piece,
	{ exhausted, probing }: Patience,
	{ outage, health, send, warn }: Line,
	signal: AbortSignal,
): Promise<Answered> {
	for (;;) {
		const turn = await outage.turn(signal);
		// a part that is being searched is counted as a whole
		const all = piece.search?.next() ?? piece.items;
		const items = turn.size === 'one' && !piece.search && all.length > 1 ? all.slice(0, 1) : all;
		if (health.haltedBy !== undefined && !probing) {
			return { answer: { kind: 'misconfigured', message: health.haltedBy }, items };
		}
		const answer = await send(items, signal);
		const isWhole = items.length === all.length;
		switch (answer.kind) {
			case 'maybe':
				// of the whole piece: a single record that fails says nothing of the others
				if (isWhole) piece.maybes = (piece.maybes ?? 0) + 1;
				if (isWhole && exhausted()) {
					if (piece.givenUp) {
						health.failed(answer.reason);
						outage.failed(turn);
					} else {
						health.refused(answer.reason);
						outage.over(turn);
					}
					return { answer: { kind: 'poison', message: answer.reason, certain: false }, items };
				}
				health.failed(answer.reason);
				outage.failed(turn);
				break;
			case 'retry':
				health.failed(answer.reason);
				outage.failed(turn, answer.afterMs);
				break;
			case 'poison':
			case 'tooBig':
			case 'misconfigured':
				outage.over(turn);
				if (answer.kind === 'misconfigured') health.denied(answer.message);
				else health.refused(answer.message);
				return { answer: answer.kind === 'poison' ? { ...answer, certain: true } : answer, items };
			case 'accepted':
			case 'partial':
				if (isWhole) outage.over(turn);
				else outage.recordTaken(turn);
				if (answer.kind === 'partial' && answer.rejected >= items.length) health.refused(answer.message);
				else health.accepted(outage.isOn);
				if (answer.kind === 'accepted' && answer.warning) warn(answer.warning);
				return { answer, items };
		}
		if (!isWhole) piece.items = [...piece.items.slice(1), ...items];
	}
}
