/** The outcome of a completeness check: what batches hold, and the text by which it is told. */
import type { Nanos } from '../../core/contract';
import { count, list, members, oneOf, optional, text } from '../../core/json/form';
import { instantForm } from '../../core/walk/codec';
import { formatInstant, parseInstant } from '../../core/time';

/** unknown: nothing contradicts, but it could not be shown. */
export type Verdict = 'proven' | 'unknown' | 'broken';

export interface Finding {
	/**
	 * re-walk: everything that the provider lists was stored · chain: what it lists is linked without a break ·
	 * count: it counts as many events as it lists · provider: its own walk over its chain.
	 */
	check: 're-walk' | 'chain' | 'count' | 'provider';
	verdict: Verdict;
	/** One line for people. */
	detail: string;
	/** Where it is broken: at most 100 places, oldest first. */
	where?: Place[];
}

export interface Place {
	id?: string;
	time?: Nanos;
	why: string;
}

export interface Counts {
	/** Distinct events that the provider lists. */
	listed: number;
	/** Of these: acknowledged by every destination. */
	acknowledged: number;
	/** In the outbox: as safe, and not yet delivered. */
	waiting: number;
	/** Among the dead letters of some destination. */
	deadLettered: number;
	/** Left out by configuration. */
	dropped: number;
	missing: number;
	/** Stored, and no longer listed: deleted or expired at the provider. */
	gone: number;
	/** Elements that are not events. */
	unreadable: number;
}

export interface Verified {
	verdict: Verdict;
	/** Why it is unknown, or the first thing that is broken. */
	reason?: string;
	/** What was compared; `to` not included. Absent when there was nothing to compare. */
	from?: Nanos;
	to?: Nanos;
	counts?: Counts;
	findings: Finding[];
}

const verdictForm = oneOf<Verdict>(['proven', 'unknown', 'broken']);
const checkForm = oneOf<Finding['check']>(['re-walk', 'chain', 'count', 'provider']);
const placeForm = members<Place>({ id: optional(text), time: optional(instantForm), why: text });
const number = count(0);

/** As columns hold it. */
export const verifiedForm = members<Verified>({
	verdict: verdictForm,
	reason: optional(text),
	from: optional(instantForm),
	to: optional(instantForm),
	counts: optional(
		members<Counts>({
			...{ listed: number, acknowledged: number, waiting: number, deadLettered: number },
			...{ dropped: number, missing: number, gone: number, unreadable: number },
		}),
	),
	findings: list(
		members<Finding>({ check: checkForm, verdict: verdictForm, detail: text, where: optional(list(placeForm)) }),
	),
});

/** Body of its record. */
export function verifiedText({ verdict, reason, from, to, counts, findings }: Verified): string {
	const written = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
	return JSON.stringify({ verdict, reason, from, to, counts, findings }, written);
}

/** From that text; undefined when it is not one. */
export function readVerified(text: string): Verified | undefined {
	try {
		const { verdict, findings, ...rest } = JSON.parse(text, instants) as Partial<Verified>;
		return VERDICTS.includes(verdict!) && Array.isArray(findings)
			? { verdict: verdict!, findings, ...rest }
			: undefined;
	} catch {
		return undefined;
	}
}

const VERDICTS: readonly Verdict[] = ['proven', 'unknown', 'broken'];
const INSTANTS = ['from', 'to', 'time'];
const instants = (key: string, value: unknown) => (INSTANTS.includes(key) ? parseInstant(value) : value);
