/**
 * Records as they become durable, for people who look: mapped for a few of them only, so that looking never slows shipping down. The last
 * ones of each source are kept, in memory only, once somebody may see them.
 */
import type { Clock, SourceEvent } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { complete } from '../../core/record/attributes';
import { formatInstant } from '../../core/time';
import { draftOf } from '../records/records';
import type { StoreListener } from './watchStore';

/** As it is shipped. */
export interface TappedRecord {
	source: string;
	id: string;
	/** Of the event, ISO 8601. */
	time: string;
	/** When it was stored, milliseconds since the epoch. */
	at: number;
	severity: string;
	event: string;
	attributes: Record<string, unknown>;
	/** As received, redacted as configured. */
	body: string;
}

/** Records as JSON texts, and how many came that are not among them. */
export type Tapped = (texts: readonly string[], lost: number) => void;

export interface RecordTap {
	/** To be called for what has become durable. */
	committed: StoreListener['committed'];
	/** @param source absent: of all. Returns what ends it */
	listen(source: string | undefined, told: Tapped): () => void;
	/** The last ones of a source as JSON texts, the newest first. They are kept from the first time on that any are asked for. */
	recent(source: string): string[];
	/** Keeps them from now on. */
	keep(): void;
}

/** Mapped in a second, for all who look together: a fraction of what can be shipped. */
const PER_SECOND = 500;
const KEPT_EACH = 5;
/** Characters of all that are kept. */
const KEPT_ALL = 8_000_000;
/** A longer event is not kept, and its text is shortened for those who look. */
const LONGEST_BODY = 64_000;

type ProviderOf = (source: string) => Pick<Provider, 'label' | 'draft'> | undefined;

export function createRecordTap({ now }: Pick<Clock, 'now'>, providerOf: ProviderOf): RecordTap {
	const listeners = new Set<{ source?: string; told: Tapped }>();
	const kept = new Map<string, string[]>();
	let isKeeping = false;
	let size = 0;
	let second = 0;
	let mapped = 0;

	/** How many of so many may be mapped now. */
	function allowed(count: number): number {
		const current = Math.floor(now() / 1000);
		if (current !== second) [second, mapped] = [current, 0];
		const some = Math.min(count, PER_SECOND - mapped);
		mapped += some;
		return some;
	}

	function textOf(source: string, event: SourceEvent, provider: NonNullable<ReturnType<ProviderOf>>): string {
		const { severityText, eventName, attributes } = complete(draftOf({ provider }, event));
		const record: TappedRecord = {
			...{ source, id: event.id, time: formatInstant(event.time), at: now() },
			...{ severity: severityText, event: eventName },
			attributes,
			body: event.raw.length > LONGEST_BODY ? `${event.raw.slice(0, LONGEST_BODY)}…` : event.raw,
		};
		return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
	}

	function keepNewest(source: string, texts: readonly string[]): void {
		const before = kept.get(source) ?? [];
		const newest = [...before, ...texts.filter(({ length }) => length <= LONGEST_BODY)].slice(-KEPT_EACH);
		size += lengthOf(newest) - lengthOf(before);
		// those that were added to last stand last
		kept.delete(source);
		kept.set(source, newest);
		for (const [oldest, those] of kept) {
			if (size <= KEPT_ALL) return;
			kept.delete(oldest);
			size -= lengthOf(those);
		}
	}

	return {
		committed(source, { fresh }) {
			if (!fresh?.length) return;
			const those = [...listeners].filter((one) => one.source === undefined || one.source === source);
			if (those.length === 0 && !isKeeping) return;
			const provider = providerOf(source);
			if (!provider) return;
			const texts = (events: readonly SourceEvent[]) => events.map((event) => textOf(source, event, provider));
			if (those.length > 0) {
				const some = texts(fresh.slice(0, allowed(fresh.length)));
				for (const { told } of those) told(some, fresh.length - some.length);
			}
			if (isKeeping) keepNewest(source, texts(fresh.slice(-KEPT_EACH)));
		},
		listen(source, told) {
			const listener = { ...(source !== undefined && { source }), told };
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		recent(source) {
			isKeeping = true;
			return kept.get(source)?.toReversed() ?? [];
		},
		keep: () => void (isKeeping = true),
	};
}

const lengthOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0);
