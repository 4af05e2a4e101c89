/** A page of docs/mapping as text: of a table, or of a declaration. */
import type { Declaration } from '../../../providers/declared/form/declaration';
import type { Condition } from '../../../providers/declared/form/event';
import type { From, Mapping } from './mappingTable';

export const WIDEST = 120;

const MADE_OF_TABLE =
	'This page is made of `test/forwarder/run/mappingTable.ts`, which received records are held against.';

export function pageOfTable({ title, name, label, id, time, action, attributes }: Mapping): string {
	return page({ title, name }, { label, id, time, action, attributes }, [MADE_OF_TABLE]);
}

export function pageOfDeclaration({ title, name, label = name, event, record }: Declaration): string {
	const { id, hash, time } = event;
	const whose =
		id === undefined ? `a hash of ${list(hash)}` : typeof id === 'string' ? `\`${id}\`` : several(id, 'all of');
	const { action, outcome, severity, failed = [], rules = [], attributes } = record;
	const all: Record<string, From> = {
		'audit.outcome': outcome ?? { says: '`failure` or `success`', of: () => undefined },
		...(severity && { 'audit.severity': severity.at }),
		...attributes,
	};
	return page({ title, name }, { label, id: { says: whose, of: () => undefined }, time, action, attributes: all }, [
		...(failed.length > 0 ? ['## Failure', 'An event failed when any of these holds.', items(failed.map(said))] : []),
		...(rules.length > 0 ? ['## Category and alert', 'The first that has a word of the action.'] : []),
		...(rules.length > 0 ? [items(rules.map(ruleOf))] : []),
		`This page is made of \`providers/${name}/${name}.provider.yaml\`; example events and their records are beside it.`,
	]);
}

type Rule = NonNullable<Declaration['record']['rules']>[number];

function ruleOf({ words: some, with: also, without, category, alert = 'none', failed }: Rule): string {
	const when = failed === undefined ? '' : failed ? ', if it failed' : ', unless it failed';
	const besides = `${also ? ` with ${also.join(', ')}` : ''}${without ? ` without ${without.join(', ')}` : ''}`;
	return `\`${category}\`${alert === 'none' ? '' : ` (alert: ${alert})`}${when}: ${some.join(', ')}${besides}`;
}

function said({ at, in: among, not, prefix }: Condition): string {
	const tests = [
		among && `is ${list(among, ' or ')}`,
		not && `is there and not ${list(not, ' or ')}`,
		prefix && `begins with ${list(prefix, ' or ')}`,
	];
	return `${words(at)} ${tests.filter(Boolean).join(' and ') || 'is there'}`;
}

const list = (values: readonly string[] = [], between = ', ') => values.map((value) => `\`${value}\``).join(between);

interface Places {
	label: string;
	id: From;
	time: From;
	action: From;
	attributes: Record<string, From>;
}

function page(provider: { title: string; name: string }, places: Places, rest: readonly string[]): string {
	const { title, name } = provider;
	const { label, id, time, action, attributes } = places;
	const fields = {
		Timestamp: words(time),
		EventName: `\`${label}.\` and the action in lower case`,
		Body: 'the event as received',
		'`service.name`': `\`${label}\``,
		'`log.record.uid`': `\`${label}:\` and ${words(id)}`,
		'`audit.source`': `\`${label}\``,
		'`audit.action`': words(action),
		'`audit.category`, `audit.alert`': 'by [rules](../mapping.md#category-and-alert)',
	};
	const rows = Object.entries(attributes).map(([attribute, from]) => [`\`${attribute}\``, words(from)] as const);
	const intro =
		`What the fields mean, and what is the same for all providers, is in [mapping.md](../mapping.md); what ${title} is known to ` +
		`send in [its facts](../providers/${name}.md). A value that is not there is an attribute that is not there.`;
	return [
		`# ${title}: where each value comes from`,
		wrapped(intro),
		items([...Object.entries(fields), ...rows].map(([name, where]) => `${name}: ${where}`)),
		...rest.map((part) => (part.startsWith('- ') || part.startsWith('#') ? part : wrapped(part))),
		'',
	]
		.join('\n\n')
		.replace(/\n+$/, '\n');
}

function words(from: From): string {
	if (typeof from === 'string') return `\`${from}\``;
	if ('says' in from) return from.says;
	return from.length === 1 ? `\`${from[0]}\`` : several(from, 'first of');
}

/** What they have in common is said once. */
function several(from: readonly string[], which: string): string {
	const [, member] = /^(\w+)\./.exec(from[0]!) ?? [];
	const inside = from.every((path) => path.startsWith(`${member}.`));
	const paths = from.map((path) => `\`${inside ? path.slice(member!.length + 1) : path}\``).join(', ');
	return `${inside ? `in \`${member}\`: ` : ''}${which} ${paths}`;
}

const items = (texts: readonly string[]) => texts.map((text) => wrapped(`- ${text}`, '  ')).join('\n');

function wrapped(text: string, indent = ''): string {
	const lines = [''];
	for (const word of text.split(' ')) {
		const line = lines.at(-1)!;
		if (line === '') lines[lines.length - 1] = word;
		else if (line.length + 1 + word.length > WIDEST) lines.push(indent + word);
		else lines[lines.length - 1] = `${line} ${word}`;
	}
	return lines.join('\n');
}
