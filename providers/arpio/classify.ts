/**
 * What an Arpio event means for people. The list of event types is not public, so rules match whole words;
 * only `getApplicationResourceStatusChanges` is a confirmed type.
 */
import { object, text } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import type { Alert, Category } from '../../core/provider';
import { hasAny, remember, words } from '../../core/record/words';

export interface Meaning {
	category: Category;
	alert: Alert;
}

/** Longer names are not names; also keeps the word rules cheap for any input. */
const MAX_NAME = 500;

const READ_VERBS: readonly string[] = ['get', 'list', 'describe', 'query', 'search', 'check', 'download'];

/** Reads never alert, whatever else their name says. */
export function classify(event: JsonObject): Meaning {
	if (isRead(event)) return { category: 'read', alert: 'none' };
	// The path may hold names that people chose, so it only speaks where the type says nothing.
	const meaning = meaningOfType(text(event['type']) ?? '') ?? meaningOf(pathBelowApplication(event));
	return meaning ?? { category: text(event['access']) ? 'config' : 'other', alert: 'none' };
}

export function isRead(event: JsonObject): boolean {
	if (text(event['access'])?.toLowerCase() === 'read') return true;
	return startsWithRead(text(event['type']) ?? '');
}

const startsWithRead = remember((type) => READ_VERBS.includes(words(type)[0] ?? ''));

const meaningOfType = remember(meaningOf);

function meaningOf(name: string): Meaning | undefined {
	const list = words(name.slice(-MAX_NAME)).join(' ');
	const all = new Set(list.replace(/\bfail (over|back)\b/g, 'fail$1').split(' '));
	// "recovery point" is a thing of its own; `startRecoveryFromRecoveryPoint` is still a recovery
	const recovers = /\b(?:recover|recovery|recoveries|recovering|recovered)\b(?! points?\b)/.test(list);
	const tests = hasAny(all, 'test', 'tests', 'testing', 'sandbox', 'drill');

	if (hasAny(all, 'quarantine', 'unquarantine', 'malware', 'ransomware'))
		return { category: 'quarantine', alert: 'page' };
	// "Test Recovery" is the vendor's name for a drill
	if (tests) return { category: 'dr_test', alert: 'notify' };
	if (hasAny(all, 'failback')) return { category: 'failback', alert: 'page' };
	if (hasAny(all, 'failover') || recovers) return { category: 'failover', alert: 'page' };
	if (/\brecovery points?\b/.test(list)) return { category: 'data', alert: 'notify' };
	if (hasAny(all, 'delete', 'remove') && hasAny(all, 'application', 'app'))
		return { category: 'config', alert: 'page' };
	if (isAboutAccess(all, list)) return { category: 'access', alert: 'notify' };
	return undefined;
}

function isAboutAccess(all: ReadonlySet<string>, list: string): boolean {
	return (
		/\bapi ?keys?\b/.test(list) ||
		hasAny(all, 'role', 'roles', 'group', 'groups', 'user', 'users', 'policy', 'policies', 'identity', 'identities') ||
		hasAny(all, 'login', 'password', 'passwords', 'saml', 'mfa')
	);
}

/** `/applications/<id>/recovery` → `recovery`: the rest of the path is ids. */
function pathBelowApplication(event: JsonObject): string {
	const path = urlPath(event) ?? '';
	const [, below = ''] = /\/applications\/[^/]+\/(.*)$/s.exec(path) ?? [];
	return below;
}

/** Path of the audited request, without query. */
export function urlPath(event: JsonObject): string | undefined {
	const url = text(object(object(event['context'])['apiRequest'])['url']);
	return url?.replace(/[?#].*$/s, '');
}
