/**
 * What an event says of a failover, a failback or a DR test. Arpio publishes no list of event types, so beginnings and ends are inferred
 * from whole words, as in `classify.ts`. Only that a request did not succeed is stated, by its outcome.
 */
import { text } from '../../core/record/attributes';
import type { SourceEvent } from '../../core/contract';
import { hasAny, remember, words } from '../../core/record/words';
import { arpioRecord } from './record';

/** `refused`: somebody asked for it, and that did not succeed. */
export type Phase = 'began' | 'concluded' | 'failed' | 'refused' | 'other';

export function phaseOf(event: SourceEvent): Phase {
	const told = phaseOfType(text(event.json['type']) ?? '');
	if (told === 'failed' || failureOf(event) === undefined) return told;
	const source = text(event.json['source']);
	// of the service itself it is what became of the recovery, of a person it is what became of the request
	return source !== undefined && source !== 'api' ? 'failed' : 'refused';
}

/** How the event ended, in words; undefined for a success. */
export function failureOf(event: SourceEvent): string | undefined {
	const { attributes } = arpioRecord(event);
	if (attributes['error.type'] === undefined) return undefined;
	const status = attributes['http.response.status_code'];
	return [attributes['audit.outcome'], status !== undefined && `status ${String(status)}`].filter(Boolean).join(', ');
}

const phaseOfType = remember((type): Phase => {
	const list = words(type)
		.join(' ')
		.replace(/\bfail (over|back)\b/g, 'fail$1')
		.split(' ');
	const all = new Set(list);
	if (hasAny(all, 'fail', 'failed', 'failure', 'abort', 'aborted', 'cancel', 'canceled', 'cancelled')) return 'failed';
	if (hasAny(all, 'conclude', 'concluded', 'end', 'ended', 'stop', 'stopped', 'finish', 'finished')) return 'concluded';
	if (hasAny(all, 'complete', 'completed', 'succeeded')) return 'concluded';
	if (hasAny(all, 'start', 'started', 'begin', 'began', 'launch', 'launched', 'initiate', 'initiated')) return 'began';
	if (hasAny(all, 'run', 'trigger', 'triggered', 'retry', 'again')) return 'began';
	return ['recover', 'failover', 'failback', 'test'].includes(list[0]!) ? 'began' : 'other';
});
