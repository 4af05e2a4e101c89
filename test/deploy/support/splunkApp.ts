/** The Splunk app as Splunk would apply it: what a search sees of a record. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeNames, resourceNames, type Fields, type ShippedRecord } from './records';
import { matches, parseSpl, type Search } from './search';
import { parseConf, type Conf } from './splunkConf';
import { parseEval } from './splunkEval';

export const APP = 'deploy/splunk/audit_relay';
export const conf = (name: string): Conf => parseConf(readFileSync(join(APP, 'default', name), 'utf8'), name);

export const props = conf('props.conf').get('audit:json')!;
const macros = conf('macros.conf');
export const eventtypes = new Map(
	[...conf('eventtypes.conf')].map(([name, stanza]) => [name, parseSpl(stanza.get('search')!)]),
);
export const searches = conf('savedsearches.conf');

/** Fields that Splunk or the Collector's HEC exporter add; the latter is seen in test/e2e/collector. */
export const ENVELOPE = ['sourcetype', 'index', 'source', 'host', '_time', '_raw'];
const LEVEL = ['otel.log.severity.number', 'otel.log.severity.text'];
export const indexed = new Set([...attributeNames, ...resourceNames, ...LEVEL]);

/** The fields of an event as the exporter writes them, before props.conf. */
const raw = ({ attributes, resource, severityNumber, severityText }: ShippedRecord): Fields => ({
	...resource,
	...attributes,
	'otel.log.severity.number': severityNumber,
	'otel.log.severity.text': severityText,
	sourcetype: 'audit:json',
	index: 'audit',
});

export const aliases = [...props]
	.filter(([key]) => key.startsWith('FIELDALIAS-'))
	.flatMap(([, value]) => aliasesOf(value));
export const evals = [...props]
	.filter(([key]) => key.startsWith('EVAL-'))
	.map(([key, text]) => ({ field: key.slice(5), ...parseEval(text) }));
export const searchTime = new Set([...aliases.map(({ to }) => to), ...evals.map(({ field }) => field)]);

/** The fields of an event in a search. */
export function seen(record: ShippedRecord): Fields {
	const fields = raw(record);
	for (const { from, to } of aliases) if (fields[from] !== undefined) fields[to] = fields[from];
	const lookup = (name: string) => fields[name];
	// calculated fields do not see each other
	const calculated = evals.map(({ field, value }) => [field, value(lookup) ?? undefined] as const);
	return { ...fields, ...Object.fromEntries(calculated) };
}

export const fits = (search: Search) => (record: ShippedRecord) => matches(search, (field) => seen(record)[field]);

function aliasesOf(value: string): { from: string; to: string }[] {
	const words = value.split(' ');
	return Array.from({ length: words.length / 3 }, (_, index) => {
		const [from, as, to] = words.slice(index * 3, index * 3 + 3);
		if (as !== 'AS') throw new Error(`no alias of the form "old AS new": ${value}`);
		return { from: from!, to: to! };
	});
}

/** The search before its first pipe, its macros filled in, and what stands behind the pipe. */
export function splitSearch(text: string): { filter: Search; pipe: string } {
	const [head, ...rest] = text.split(' | ');
	const filled = head!.replace(/`(\w+)`/g, (_all, name: string) => macros.get(name)!.get('definition')!);
	// when something was indexed is not a field of an event
	return { filter: parseSpl(filled.replace(/_index_\w+=\S+/g, '')), pipe: rest.join(' | ') };
}
