/** Entries that alert although the words of their action alone do not. */
import { text } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import { hasAny, remember, words } from '../../core/record/words';
import type { Facts } from '../declared/facts';
import type { Meaning } from '../declared/meaning';

export function alerting(found: Meaning, { action = '', failed }: Facts, json: JsonObject): Meaning {
	if (found.alert !== 'none') return found;
	const severity = text(json.severity);
	// something that failed and matters to security is heard of in every category
	const grave = failed && (severity === 'security' || severity === 'critical');
	const handsOut = found.category === 'access' && severity === 'security' && grants(action);
	return grave || handsOut ? { ...found, alert: 'notify' } : found;
}

/** Whether it hands out a privilege. */
const grants = remember((action) => {
	const is = new Set(words(action));
	return (
		hasAny(is, 'grant', 'granted', 'assigned', 'added', 'invited', 'promoted', 'elevated', 'created') ||
		(hasAny(is, 'role', 'roles', 'permission', 'permissions') && hasAny(is, 'changed', 'updated'))
	);
});
