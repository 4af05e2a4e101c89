/** One export request, put together from what is encoded already. */
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
	encodeOrigin,
	encodeRecords,
	encodeRequest,
	encodeScope,
	type Bytes,
	type Origin,
	type Part,
} from '../../core/otlp/logs';
import type { Item } from '../records/item';

type Source = Pick<ReadableLogRecord, 'resource' | 'instrumentationScope'>;

const origins = new WeakMap<Source['resource'], WeakMap<Source['instrumentationScope'], Origin>>();

/** Resource and scope of a record, encoded once: the SDK gives all records of a logger the same objects. */
export function originOf({ resource, instrumentationScope }: Source): Origin {
	const scopes = origins.get(resource) ?? new WeakMap<Source['instrumentationScope'], Origin>();
	origins.set(resource, scopes);
	const origin = scopes.get(instrumentationScope) ?? encodeOrigin(resource, encodeScope(instrumentationScope));
	scopes.set(instrumentationScope, origin);
	return origin;
}

export function requestOf(items: readonly Item[]): Bytes {
	return encodeRequest(
		parts(
			items,
			({ origin }) => origin,
			(some) => some.map(({ encoded }) => encoded),
		),
	);
}

/** For records that come through the SDK's own interface. */
export function encodeLogs(records: readonly ReadableLogRecord[]): Bytes {
	return encodeRequest(parts(records, originOf, encodeRecords));
}

/** In the order of the first record of each origin, as the SDK's serializer does it. */
function parts<T>(all: readonly T[], originOf: (one: T) => Origin, encode: (some: T[]) => Uint8Array[]): Part[] {
	const groups = new Map<Origin, T[]>();
	for (const one of all) {
		const origin = originOf(one);
		const group = groups.get(origin);
		if (group) group.push(one);
		else groups.set(origin, [one]);
	}
	return [...groups].map(([origin, some]) => ({ origin, records: encode(some) }));
}
