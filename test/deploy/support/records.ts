/**
 * Every kind of record that can leave the forwarder, made by the real mapping and the real record makers: what SIEM content
 * may refer to. Content is held against these, so that neither can change alone.
 */
import type { Gap } from '../../../core/walk/contract';
import type { JsonObject, SourceEvent } from '../../../core/contract';
import type { AttributeValue, Category, Provider } from '../../../core/provider';
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { arpio } from '../../../providers/arpio/provider';
import { auditApi } from '../../../providers/auditapi/provider';
import { parseInstant } from '../../../core/time';
import { createEncoder, type EncoderOptions } from '../../../forwarder/records/records';
import type { Finding, Verdict, Verified } from '../../../forwarder/store/verified';
import { arcusEntries, arpioEvents, auditapiEvents } from '../../../sandbox/fixtures';
import { recordsOf } from '../../support/otlp';

/** As a log record has them. */
export type Fields = Record<string, AttributeValue | undefined>;

export interface ShippedRecord {
	eventName: string;
	severityNumber: number;
	severityText: string;
	attributes: Fields;
	resource: Fields;
}

const OBSERVED = parseInstant('2026-11-20T12:00:00Z')!;
const PAST = parseInstant('2026-11-19T12:00:00Z')!;

const fixtures: readonly [Provider, readonly string[], time: (json: JsonObject) => unknown, id: string][] = [
	[arpio, arpioEvents, ({ timestamp }) => timestamp, 'eventId'],
	[arcusErp, arcusEntries, ({ created_at }) => created_at, 'id'],
	[auditApi, auditapiEvents, ({ timestamp }) => timestamp, 'id'],
];

/** What reasons there are: the compiler refuses this list when one is missing. */
const REASONS: Record<Gap['reason'], true> = {
	collection_start: true,
	retention: true,
	chain_break: true,
	state_lost: true,
	skipped: true,
	rejected: true,
	filter_ignored: true,
};

/** The same for categories: the sandbox has no event of some of them. */
export const CATEGORIES: Record<Category, true> = {
	failover: true,
	failback: true,
	dr_test: true,
	quarantine: true,
	access: true,
	config: true,
	data: true,
	read: true,
	gap: true,
	other: true,
};

const CHECKS: readonly Finding['check'][] = ['re-walk', 'chain', 'count', 'provider'];

function encoded(
	provider: Provider,
	batch: { events?: SourceEvent[]; gaps?: Gap[]; verified?: Verified },
	more: Partial<EncoderOptions> = {},
) {
	const encode = createEncoder({ version: '1.2.3', origin: () => ({ tenant: 'tenant-1', provider }), ...more });
	const items = encode({ id: 1, stream: 'stream', observed: OBSERVED, events: [], gaps: [], ...batch });
	return recordsOf(items).map(({ eventName, severityNumber, severityText, attributes, resource }): ShippedRecord => ({
		...{ eventName, severityNumber, severityText },
		attributes: attributes as Fields,
		resource: resource as Fields,
	}));
}

function verification(verdict: Verdict, check?: Finding['check']): readonly ShippedRecord[] {
	const findings = CHECKS.map((one): Finding => {
		const found = check === undefined ? verdict : one === check ? 'broken' : 'proven';
		return { check: one, verdict: found, detail: 'as found' };
	});
	const counts = {
		listed: 3,
		acknowledged: 2,
		waiting: 0,
		deadLettered: 0,
		dropped: 0,
		missing: 1,
		gone: 1,
		unreadable: 0,
	};
	const verified: Verified = { verdict, reason: 'why', from: PAST, to: OBSERVED, findings, counts };
	return encoded(arcusErp, { verified });
}

/** Events of the sandbox, as shipped. */
export const eventRecords: readonly ShippedRecord[] = fixtures.flatMap(([provider, texts, time, id]) => {
	const events = texts.map((raw): SourceEvent => {
		const json = JSON.parse(raw) as JsonObject;
		return { id: String(json[id]), time: parseInstant(String(time(json)))!, raw, json };
	});
	return encoded(provider, { events });
});

/** What the forwarder says about itself. */
export const ownRecords: readonly ShippedRecord[] = [
	...encoded(arcusErp, {
		gaps: Object.keys(REASONS).map((reason): Gap => ({
			reason: reason as Gap['reason'],
			from: PAST,
			to: OBSERVED,
			detail: 'why',
		})),
	}),
	...(['proven', 'unknown'] as const).flatMap((verdict) => verification(verdict)),
	...CHECKS.flatMap((check) => verification('broken', check)),
];

/** What only some settings or accidents bring about: another name for Datadog, an old event restamped, a mapping that throws, bytes
 * that are not UTF-8. */
export const rareRecords: readonly ShippedRecord[] = (() => {
	const raw = arcusEntries.find((text) => text.includes('"session_id": "'))!;
	const event: SourceEvent = { id: 'e1', time: PAST, raw, json: JSON.parse(raw) as JsonObject };
	const broken: Provider = {
		...arcusErp,
		draft: () => {
			throw new Error('cannot be mapped');
		},
	};
	return [
		...encoded(arcusErp, { events: [event] }, { renameAttributes: { 'session.id': 'audit.session.id' } }),
		...encoded(arcusErp, { events: [event] }, { restampBefore: () => OBSERVED }),
		...encoded(broken, { events: [event] }),
		...encoded(arcusErp, { events: [{ ...event, isReplaced: true }] }),
	];
})();

export const allRecords: readonly ShippedRecord[] = [...eventRecords, ...ownRecords, ...rareRecords];

/** Names of all attributes that records carry. */
export const attributeNames: ReadonlySet<string> = new Set(
	allRecords.flatMap(({ attributes }) => Object.keys(attributes)),
);
export const resourceNames: ReadonlySet<string> = new Set(allRecords.flatMap(({ resource }) => Object.keys(resource)));

/** Values of an attribute that any record has. */
export const valuesOf = (name: string): ReadonlySet<unknown> =>
	new Set(
		allRecords
			.map(({ attributes, resource }) => attributes[name] ?? resource[name])
			.filter((value) => value !== undefined),
	);
