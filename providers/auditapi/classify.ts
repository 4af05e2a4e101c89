/**
 * What an event is about and who should hear of it. AuditAPI has no vocabulary of its own: the payload belongs to its writer, so
 * this goes by the whole words of the event's name. The first rule that fits decides.
 */
import type { Alert, Category } from '../../core/provider';
import { ERROR } from '../../core/record/severity';
import { hasAny, remember, words } from '../../core/record/words';

export interface AuditApiFacts {
	name: string;
	failed: boolean;
	/** Severity number that the payload states. */
	stated?: number;
}

type Words = ReadonlySet<string>;

const DATA = [
	...['data', 'record', 'records', 'file', 'document', 'account', 'customer', 'order', 'invoice', 'payment'],
	...['product', 'report', 'subscription', 'export', 'exported', 'import', 'imported'],
] as const;

const ACCESS = [
	...['login', 'logout', 'signin', 'signout', 'auth', 'authentication', 'password', 'mfa', 'sso', 'saml', 'session'],
	...['role', 'roles', 'permission', 'permissions', 'user', 'users', 'token', 'secret', 'apikey'],
] as const;

const RULES: readonly { category: Category; alert: Alert; when: (is: Words) => boolean }[] = [
	{ category: 'failback', alert: 'page', when: (is) => is.has('failback') },
	{ category: 'failover', alert: 'page', when: (is) => hasAny(is, 'failover', 'disaster') || recovers(is) },
	{ category: 'dr_test', alert: 'notify', when: (is) => hasAny(is, 'drill', 'sandbox') || testsRecovery(is) },
	{
		category: 'quarantine',
		alert: 'notify',
		when: (is) => hasAny(is, 'quarantine', 'unquarantine', 'quarantined', 'malware', 'ransomware'),
	},
	{ category: 'access', alert: 'none', when: concernsAccess },
	{ category: 'read', alert: 'none', when: (is) => hasAny(is, 'viewed', 'read', 'listed', 'searched', 'downloaded') },
	{
		category: 'config',
		alert: 'none',
		when: (is) => hasAny(is, 'config', 'configuration', 'setting', 'settings', 'policy', 'webhook', 'integration'),
	},
	{ category: 'data', alert: 'none', when: (is) => hasAny(is, ...DATA) },
	{ category: 'other', alert: 'none', when: () => true },
];

const ruleOf = remember((name) => {
	const is = new Set(words(name));
	return RULES.find(({ when }) => when(is))!;
});

export function classify({ name, failed, stated = 0 }: AuditApiFacts): { category: Category; alert: Alert } {
	const { category, alert } = ruleOf(name);
	if (stated >= ERROR) return { category, alert: 'page' };
	// a failed login is worth a look, a failed payment is its writer's business
	return { category, alert: alert === 'none' && failed && category === 'access' ? 'notify' : alert };
}

/** Recovering a password or a point in time is routine. */
function recovers(is: Words): boolean {
	return is.has('recovery') && !hasAny(is, 'point', 'points', 'password', 'mfa', 'code', 'codes', 'email', 'key');
}

function testsRecovery(is: Words): boolean {
	return is.has('dr') && hasAny(is, 'test', 'tests', 'testing');
}

function concernsAccess(is: Words): boolean {
	const apiKey = is.has('api') && hasAny(is, 'key', 'keys');
	const signIn = is.has('sign') && hasAny(is, 'in', 'out');
	return apiKey || signIn || hasAny(is, ...ACCESS);
}
