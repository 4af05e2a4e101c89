/**
 * What an audit log entry is about and who should hear of it, by the whole words of its action.
 * The vendor publishes no list of actions, so this goes by words; slugs of failovers do not exist yet and shall alert when
 * they do. The first rule that fits decides.
 */
import type { Alert, Category } from '../../core/provider';
import { hasAny, remember, words } from '../../core/record/words';

export interface ArcusFacts {
	action: string;
	severity: string;
	failed: boolean;
}

interface Rule {
	category: Category;
	alert: (facts: ArcusFacts, is: ReadonlySet<string>) => Alert;
	when: (is: ReadonlySet<string>) => boolean;
}

const DATA = [
	...['order', 'orders', 'payment', 'payments', 'invoice', 'invoices', 'product', 'products', 'account', 'accounts'],
	...['customer', 'customers', 'vendor', 'vendors', 'journal', 'inventory', 'fulfillment', 'shipment', 'shipments'],
	...['return', 'returns', 'refund', 'refunds', 'purchase', 'purchasing', 'record', 'records', 'report', 'reports'],
] as const;

const ACCESS = [
	'role',
	'roles',
	'permission',
	'permissions',
	'user',
	'users',
	'mfa',
	'login',
	'logout',
	'password',
] as const;

const none = (): Alert => 'none';
const page = (): Alert => 'page';
const notify = (): Alert => 'notify';

const RULES: readonly Rule[] = [
	{ category: 'failback', alert: page, when: (is) => is.has('failback') },
	{ category: 'failover', alert: page, when: (is) => hasAny(is, 'failover', 'disaster', 'outage') || recovers(is) },
	{
		category: 'dr_test',
		alert: notify,
		when: (is) => is.has('drill') || (is.has('dr') && hasAny(is, 'test', 'tests')),
	},
	{
		category: 'quarantine',
		alert: notify,
		when: (is) => hasAny(is, 'quarantine', 'unquarantine', 'malware', 'ransomware'),
	},
	// of interest to the security channel whatever the outcome
	{ category: 'data', alert: notify, when: (is) => hasAny(is, 'export', 'exports', 'exported') },
	{ category: 'access', alert: ofAccess, when: concernsAccess },
	// of interest to the finance channel
	{ category: 'config', alert: notify, when: (is) => is.has('period') && hasAny(is, 'closed', 'reopened') },
	{ category: 'data', alert: notify, when: (is) => is.has('journal') && is.has('voided') },
	{ category: 'read', alert: none, when: (is) => hasAny(is, 'viewed', 'read', 'listed', 'searched', 'downloaded') },
	{
		category: 'config',
		alert: none,
		when: (is) =>
			hasAny(is, 'period', 'setting', 'settings', 'config', 'configuration', 'policy', 'webhook', 'integration'),
	},
	{ category: 'data', alert: none, when: (is) => hasAny(is, ...DATA) },
	{ category: 'other', alert: none, when: () => true },
];

const ruleOf = remember((action) => {
	const is: ReadonlySet<string> = new Set(words(action));
	return { is, rule: RULES.find(({ when }) => when(is))! };
});

export function classify(facts: ArcusFacts): { category: Category; alert: Alert } {
	const { is, rule } = ruleOf(facts.action);
	const { category, alert } = rule;
	const found = alert(facts, is);
	// something that failed and matters to security is heard of in every category
	const grave = facts.failed && (facts.severity === 'security' || facts.severity === 'critical');
	return { category, alert: found === 'none' && grave ? 'notify' : found };
}

/** Recovering a password or a point in time is routine. */
function recovers(is: ReadonlySet<string>): boolean {
	return is.has('recovery') && !hasAny(is, 'point', 'points', 'password', 'mfa', 'code', 'codes', 'email', 'key');
}

function concernsAccess(is: ReadonlySet<string>): boolean {
	return (
		(is.has('api') && hasAny(is, 'key', 'keys')) || (is.has('webhook') && is.has('secret')) || hasAny(is, ...ACCESS)
	);
}

/** Entries of severity `security` that hand out a privilege (failures are heard of anyway). */
function ofAccess({ severity }: ArcusFacts, is: ReadonlySet<string>): Alert {
	const grants =
		hasAny(is, 'grant', 'granted', 'assigned', 'added', 'invited', 'promoted', 'elevated', 'created') ||
		(hasAny(is, 'role', 'roles', 'permission', 'permissions') && hasAny(is, 'changed', 'updated'));
	return severity === 'security' && grants ? 'notify' : 'none';
}
