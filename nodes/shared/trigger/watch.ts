/** What a trigger reacts to: presets by meaning, and filters that narrow them. */
import { recordOf, text } from '../../../core/record/attributes';
import type { SourceEvent } from '../../../core/contract';
import type { AuditRecord, Provider } from '../../../core/provider';
import { hasAny, words } from '../../../core/record/words';
import { pickedValue } from '../parameters';
import { payloadMatcher, type PayloadFilters } from './payload';

export type Preset =
	| 'accessChanges'
	| 'alerts'
	| 'deletions'
	| 'drTest'
	| 'everything'
	| 'failback'
	| 'failedActions'
	| 'failover'
	| 'quarantine';

export interface Watch {
	presets: readonly Preset[];
	/** Texts; an expression may give something else. */
	filters: PayloadFilters & { action?: unknown; actor?: unknown; minimumSeverity?: number; target?: unknown };
}

const DELETES = ['delete', 'deleted', 'remove', 'removed', 'purge', 'purged', 'destroy', 'destroyed', 'void', 'voided'];
const FAILED = /^(?:fail|failed|failure|denied|error|rejected|refused)$/i;

const MEANING: Record<Preset, (record: AuditRecord) => boolean> = {
	accessChanges: ({ attributes }) => attributes['audit.category'] === 'access',
	alerts: ({ attributes }) => attributes['audit.alert'] !== 'none',
	deletions: (record) => !isRead(record) && hasAny(new Set(words(actionOf(record))), ...DELETES),
	drTest: ({ attributes }) => attributes['audit.category'] === 'dr_test',
	everything: () => true,
	failback: ({ attributes }) => attributes['audit.category'] === 'failback',
	failedActions: ({ attributes }) =>
		attributes['error.type'] !== undefined || FAILED.test(text(attributes['audit.outcome']) ?? ''),
	failover: ({ attributes }) => attributes['audit.category'] === 'failover',
	quarantine: ({ attributes }) => attributes['audit.category'] === 'quarantine',
};

export function matcher(provider: Provider, { presets, filters }: Watch): (event: SourceEvent) => boolean {
	const action = pattern(pickedValue(filters.action));
	const actor = pickedValue(filters.actor);
	const target = pickedValue(filters.target);
	const inPayload = payloadMatcher(filters);
	return (event) => {
		// reading the log may be logged: a trigger must not start itself
		if (provider.isSelfNoise(event.json)) return false;
		if (!inPayload(event)) return false;
		const record = recordOf(provider, event);
		const { attributes } = record;
		const is = (wanted: string, ...names: string[]) => names.some((name) => attributes[name] === wanted);
		if (!presets.some((preset) => MEANING[preset]?.(record))) return false;
		if (action && !action.test(actionOf(record))) return false;
		if (record.severityNumber < (filters.minimumSeverity ?? 0)) return false;
		if (actor && !is(actor, 'audit.actor.id', 'audit.actor.label', 'user.email', 'user.full_name')) return false;
		return !target || is(target, 'audit.target.id', 'audit.target.name', 'audit.target.type') || among(target, record);
	};
}

/** Several targets are named as `type:id`. */
function among(target: string, { attributes }: AuditRecord): boolean {
	const all = attributes['audit.targets'];
	return Array.isArray(all) && all.some((one) => one === target || one.endsWith(`:${target}`));
}

function isRead({ attributes }: AuditRecord): boolean {
	return attributes['audit.category'] === 'read';
}

function actionOf({ attributes }: AuditRecord): string {
	return text(attributes['audit.action']) ?? '';
}

/** `*` stands for any text; the rest is literal, whatever its case. */
function pattern(wanted: string): RegExp | undefined {
	if (wanted === '') return undefined;
	const parts = wanted.split(/\*+/);
	const literal = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${literal.join('.*')}$`, 'is');
}
