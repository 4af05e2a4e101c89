/**
 * Turns a batch into log records as they are sent. Not through the SDK's `Logger.emit`: what it copies and checks of every
 * attribute costs as much as all the rest of the mapping.
 */
import {
	encodeOrigin,
	encodeRecords,
	encodeScope,
	type EncodedScope,
	type LogRecord,
	type Origin,
} from '../../core/otlp/logs';
import { isPresent } from '../../core/record/attributes';
import type { Nanos, SourceEvent } from '../../core/contract';
import type { Draft, Provider } from '../../core/provider';
import { withReplaced } from '../../core/record/replaced';
import { severityText, WARN } from '../../core/record/severity';
import { formatInstant, toHrTime } from '../../core/time';
import { gapRecord } from './gapRecord';
import { verifyRecord } from './verifyRecord';
import type { Encode, Item } from './item';

export interface StreamOrigin {
	provider: Pick<Provider, 'label' | 'draft'>;
	/** `service.instance.id`: the account, the entity, or the source's name. */
	tenant: string;
}

export interface EncoderOptions {
	/** Version of the forwarder. */
	version: string;
	/** Where a stream comes from: the same object for as long as that does not change. Undefined: nobody knows. */
	origin: (stream: string) => StreamOrigin | undefined;
	/** Further resource attributes (`OTEL_RESOURCE_ATTRIBUTES`). Those that say where an event comes from win over them. */
	resourceAttributes?: Readonly<Record<string, string>>;
	/** Attributes that this destination gets under another name (old → new). */
	renameAttributes?: Readonly<Record<string, string>>;
	/**
	 * Events with an earlier time get the time of their receipt as timestamp, and their own one as `audit.event.time`: for
	 * receivers that drop old records silently. Absent: never.
	 */
	restampBefore?: () => Nanos;
}

const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

/** The returned function throws when a batch belongs to an unknown stream. */
export function createEncoder(options: EncoderOptions): Encode {
	const streams = new Map<string, { from: StreamOrigin; origin: Origin }>();
	const renames = new Map(Object.entries(options.renameAttributes ?? {}));
	const scope = encodeScope({ name: 'audit-forwarder', version: options.version, schemaUrl: SCHEMA_URL });

	function stream(name: string) {
		const from = options.origin(name);
		if (!from)
			throw new Error(
				`source ${name} is not configured and its settings are not known, but it still has events to ship`,
			);
		let known = streams.get(name);
		// kept, because a request groups records by the identity of their origin
		if (known?.from !== from) streams.set(name, (known = { from, origin: origin(from, options, scope) }));
		return known;
	}

	return (batch) => {
		const { from, origin } = stream(batch.stream);
		const observed = toHrTime(batch.observed);
		const oldest = options.restampBefore?.();
		const records: LogRecord[] = [];
		const items: Omit<Item, 'encoded' | 'bytes'>[] = [];
		const add = (record: Draft, item: Omit<Item, 'encoded' | 'bytes' | 'observed' | 'origin'>) => {
			const { time: hrTime, eventName, severityNumber, severityText, body } = record;
			const attributes = renamed(record.attributes, renames);
			const log = { hrTime, hrTimeObserved: observed, eventName, severityNumber, severityText, body, attributes };
			records.push({ ...log, droppedAttributesCount: 0 });
			items.push({ ...item, observed: batch.observed, origin });
		};
		for (const event of batch.events) {
			const { id: eventId, raw, time, isReplaced } = event;
			const item = { eventId, raw, time, ...(isReplaced && { isReplaced }) };
			const isTooOld = oldest !== undefined && time < oldest;
			// OTLP counts from 1970 on
			const record = isTooOld || time < 0n ? restamp(event, from, observed) : draftOf(from, event);
			add(record, isTooOld ? { ...item, restamped: batch.observed } : item);
		}
		const { label } = from.provider;
		const verified = batch.verified ? [verifyRecord(batch.verified, batch, label)] : [];
		for (const record of [...verified, ...batch.gaps.map((gap) => gapRecord(gap, batch, label))]) {
			add(record, { eventId: String(record.attributes['log.record.uid']), raw: record.body });
		}
		return encodeRecords(records, isPresent).map((encoded, at) => ({ ...items[at]!, encoded, bytes: encoded.length }));
	};
}

function restamp(event: SourceEvent, origin: StreamOrigin, observed: Draft['time']): Draft {
	const record = draftOf(origin, event);
	const attributes = { ...record.attributes, 'audit.event.time': formatInstant(event.time) };
	return { ...record, time: observed, attributes };
}

/** The record of one event. Never throws. */
export function draftOf(origin: Pick<StreamOrigin, 'provider'>, event: SourceEvent): Draft {
	return withReplaced(mapped(origin, event), event);
}

/** An event that cannot be mapped is shipped anyway: its text says all there is, and a warning points to it. */
function mapped({ provider }: Pick<StreamOrigin, 'provider'>, event: SourceEvent): Draft {
	try {
		return provider.draft(event);
	} catch (error) {
		return {
			time: toHrTime(event.time),
			eventName: `${provider.label}.event`,
			severityNumber: WARN,
			severityText: severityText(WARN),
			attributes: {
				'log.record.uid': `${provider.label}:${event.id}`,
				'audit.source': provider.label,
				'audit.category': 'other',
				'audit.alert': 'none',
				'audit.mapping.error': error instanceof Error ? error.message : 'unknown',
			},
			body: event.raw,
		};
	}
}

function origin(
	{ provider, tenant }: StreamOrigin,
	{ resourceAttributes, version }: EncoderOptions,
	scope: EncodedScope,
): Origin {
	const attributes = {
		...resourceAttributes,
		'service.name': provider.label,
		'service.namespace': 'audit',
		'service.instance.id': tenant,
		'telemetry.distro.name': 'audit-relay',
		'telemetry.distro.version': version,
	};
	return encodeOrigin({ attributes }, scope);
}

function renamed(attributes: Draft['attributes'], renames: ReadonlyMap<string, string>) {
	if (renames.size === 0) return attributes;
	return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [renames.get(name) ?? name, value]));
}
