import type { SourceEvent } from '../../../../core/contract';
import type { Draft } from '../../../../core/provider';
import { parseInstant, toHrTime } from '../../../../core/time';
import { createEncoder, type EncoderOptions, type StreamOrigin } from '../../../../forwarder/records/records';
import type { Batch } from '../../../../forwarder/store/contract';

export const OBSERVED = parseInstant('2026-11-20T12:00:00.123456789Z')!;

export function event(id: string, time = '2026-11-20T11:00:00.217018Z', raw = `{"id":"${id}"}`): SourceEvent {
	return { id, time: parseInstant(time)!, raw, json: JSON.parse(raw) as SourceEvent['json'] };
}

export function batch(id: number, ids: readonly string[], rest: Partial<Batch> = {}): Batch {
	return { id, stream: 'dr', observed: OBSERVED, events: ids.map((one) => event(one)), gaps: [], ...rest };
}

export function ids(count: number, prefix = 'e'): string[] {
	return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** A provider that maps as little as it can. */
export function origin(more: Partial<Draft> = {}): StreamOrigin {
	return {
		tenant: 'acc-1',
		provider: {
			label: 'arpio',
			draft: ({ id, time, raw }) => ({
				time: toHrTime(time),
				eventName: 'arpio.failover',
				severityNumber: 9,
				severityText: 'INFO',
				attributes: { 'log.record.uid': `arpio:${id}`, 'session.id': 's-1' },
				body: raw,
				...more,
			}),
		},
	};
}

export function encoder(options: Partial<EncoderOptions> = {}) {
	const same = origin();
	return createEncoder({ version: '1.2.3', origin: () => same, ...options });
}
