/** Turns a batch into SDK log records through `Logger.emit`, and these into what is sent. */
import { ROOT_CONTEXT, type HrTime, type Logger } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { encodeRecords } from '../../otlp/logs';
import type { AttributeValue, AuditRecord, Nanos, Provider, SourceEvent } from '../../providers/contract';
import { severityText, WARN } from '../../providers/severity';
import { formatInstant, toHrTime } from '../../providers/time';
import { BatchCollector } from './collector';
import { gapRecord } from './gap-record';
import type { Encode, Item } from './item';
import { originOf } from './request';

export interface StreamOrigin {
	provider: Pick<Provider, 'label' | 'record'>;
	/** `service.instance.id`: the account, the entity, or the source's name. */
	tenant: string;
}

export interface EncoderOptions {
	/** Version of the forwarder. */
	version: string;
	/** Where a stream comes from; undefined for a stream that is no longer configured. */
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

/**
 * The returned function throws when a batch belongs to an unknown stream, or when the SDK gave back another number of
 * records than it was given: the batch must not be acknowledged then.
 */
export function createEncoder(options: EncoderOptions): Encode {
	const collector = new BatchCollector();
	const streams = new Map<string, { logger: Logger; origin: StreamOrigin }>();
	const renames = new Map(Object.entries(options.renameAttributes ?? {}));

	function stream(name: string) {
		let known = streams.get(name);
		if (!known) {
			const origin = options.origin(name);
			if (!origin) throw new Error(`no source is configured for stream ${name}, which still has events to ship`);
			known = { origin, logger: createLogger(collector, origin, options) };
			// kept, because the serializer groups records by the identity of resource and scope
			streams.set(name, known);
		}
		return known;
	}

	return (batch) => {
		const { logger, origin } = stream(batch.stream);
		const observed = toHrTime(batch.observed);
		const oldest = options.restampBefore?.();
		const restamped = (event: SourceEvent) => oldest !== undefined && event.time < oldest;
		const sources = [
			...batch.events.map((event) => ({
				record: restamped(event) ? restamp(event, origin, observed) : recordOf(origin, event),
				eventId: event.id,
				raw: event.raw,
				observed: batch.observed,
				time: event.time,
				...(restamped(event) && { restamped: batch.observed }),
			})),
			...batch.gaps.map((gap) => {
				const record = gapRecord(gap, batch, origin.provider.label);
				return {
					record,
					eventId: String(record.attributes['log.record.uid']),
					raw: record.body,
					observed: batch.observed,
					time: undefined,
				};
			}),
		];
		// what an earlier call left behind when it threw in the middle
		collector.take();
		for (const { record } of sources) emit(logger, record, observed, renames);
		return joined(sources, collector.take());
	};
}

function restamp(event: SourceEvent, origin: StreamOrigin, observed: HrTime): AuditRecord {
	const record = recordOf(origin, event);
	const attributes = { ...record.attributes, 'audit.event.time': formatInstant(event.time) };
	return { ...record, time: observed, attributes };
}

/** An event that cannot be mapped is shipped all the same: its text says all there is, and a warning draws somebody's eye to it. */
function recordOf({ provider }: StreamOrigin, event: SourceEvent): AuditRecord {
	try {
		return provider.record(event);
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

function createLogger(collector: BatchCollector, { provider, tenant }: StreamOrigin, options: EncoderOptions): Logger {
	const loggers = new LoggerProvider({
		resource: resourceFromAttributes({
			...options.resourceAttributes,
			'service.name': provider.label,
			'service.namespace': 'audit',
			'service.instance.id': tenant,
			'telemetry.distro.name': 'audit-relay',
			'telemetry.distro.version': options.version,
		}),
		// the default drops attributes beyond 128
		logRecordLimits: { attributeCountLimit: Number.MAX_SAFE_INTEGER, attributeValueLengthLimit: Infinity },
		processors: [collector],
	});
	return loggers.getLogger('audit-forwarder', options.version, { schemaUrl: SCHEMA_URL });
}

function emit(logger: Logger, record: AuditRecord, observed: HrTime, renames: ReadonlyMap<string, string>): void {
	logger.emit({
		eventName: record.eventName,
		// never a number or a Date: the SDK reads small numbers as an offset from its start, and dates only to the millisecond
		timestamp: record.time,
		observedTimestamp: observed,
		severityNumber: record.severityNumber,
		severityText: record.severityText,
		body: record.body,
		attributes: renamed(record.attributes, renames),
		// else the forwarder's own active span would be stamped on the event
		context: ROOT_CONTEXT,
	});
}

function renamed(attributes: Record<string, AttributeValue>, renames: ReadonlyMap<string, string>) {
	if (renames.size === 0) return attributes;
	return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [renames.get(name) ?? name, value]));
}

function joined(sources: readonly Omit<Item, 'encoded' | 'origin' | 'bytes'>[], records: ReadableLogRecord[]): Item[] {
	if (records.length !== sources.length) {
		throw new Error(
			`${sources.length} records were emitted and ${records.length} collected: one was filtered or dropped`,
		);
	}
	return encodeRecords(records).map((encoded, index) => ({
		...sources[index]!,
		encoded,
		origin: originOf(records[index]!),
		bytes: encoded.length,
	}));
}
