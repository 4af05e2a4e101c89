/** From the text of a dead letter back to what was to be shipped. */
import type { DeadLetter } from './contract';
import type { Gap } from '../../core/walk/contract';
import type { SourceEvent } from '../../core/contract';
import { gapForm } from '../../core/walk/codec';
import { readVerified, type Verified } from './verified';

interface Content {
	event?: Omit<SourceEvent, 'json'>;
	gap?: Gap;
	verified?: Verified;
}

/** A sentence when the text is neither an event nor a record of our own. */
export function readLetter({
	eventId,
	time,
	raw,
	isReplaced,
}: Pick<DeadLetter, 'eventId' | 'time' | 'raw' | 'isReplaced'>): Content | string {
	const json = parse(raw);
	if (!json) return 'its text is not a JSON object';
	if (time !== undefined) return { event: { id: eventId, time, raw, ...(isReplaced && { isReplaced }) } };
	// a record of our own has no event time: it is dated by when it was noticed
	const gap = gapOf(json);
	if (gap) return { gap };
	const verified = readVerified(raw);
	return verified ? { verified } : 'its text is not a record of our own';
}

/** Its id is made of reason, span and time of receipt, so it stays the same. */
function gapOf({ reason, from, to, detail }: Record<string, unknown>): Gap | undefined {
	try {
		return gapForm.read({ reason, from, to, detail });
	} catch {
		return undefined;
	}
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		const json: unknown = JSON.parse(text);
		return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
	} catch {
		return undefined;
	}
}
