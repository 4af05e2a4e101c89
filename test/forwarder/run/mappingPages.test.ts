/** docs/mapping has a page for each provider, made of the table that received records are held against. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mappings, type From, type Mapping } from './mappingTable';

const WIDEST = 120;

test.each(mappings)('the page of $title is the table (UPDATE_MAPPING=1 writes it again)', (mapping) => {
	const file = `docs/mapping/${mapping.name}.md`;
	const text = pageOf(mapping);
	if (process.env['UPDATE_MAPPING'] === '1') writeFileSync(file, text);
	expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each(mappings)('a terminal can show the page of $title', (mapping) => {
	for (const line of pageOf(mapping).split('\n')) expect(line.length).toBeLessThanOrEqual(WIDEST);
});

function pageOf({ title, name, label, id, time, action, attributes }: Mapping): string {
	const fields = {
		Timestamp: words(time),
		EventName: `\`${label}.\` and the action in lower case; \`${label}.event\` for what is not a name`,
		Body: 'the event as received',
		'`service.name`': `\`${label}\``,
		'`log.record.uid`': `\`${label}:\` and ${words(id)}`,
		'`audit.source`': `\`${label}\``,
		'`audit.action`': words(action),
		'`audit.category`, `audit.alert`': 'by [rules](../mapping.md#category-and-alert)',
	};
	const rest = Object.entries(attributes).map(([attribute, from]) => [`\`${attribute}\``, words(from)] as const);
	return [
		`# ${title}: where each value comes from`,
		'',
		`What the fields mean, and what is the same for all providers, is in [mapping.md](../mapping.md); what ${title} is`,
		`known to send in [its facts](../providers/${name}.md). A value that is not there is an attribute that is not there.`,
		'',
		...table([['Field or attribute', 'Where in the event'], ...Object.entries(fields), ...rest]),
		'',
		'This page is made of `test/forwarder/run/mappingTable.ts`, which received records are held against.',
		'',
	].join('\n');
}

function words(from: From): string {
	if (typeof from === 'string') return `\`${from}\``;
	if ('says' in from) return from.says;
	const [, member] = /^(\w+)\./.exec(from[0]!) ?? [];
	const inside = from.every((path) => path.startsWith(`${member}.`));
	const paths = from.map((path) => `\`${inside ? path.slice(member!.length + 1) : path}\``).join(', ');
	return `${inside ? `in \`${member}\`: ` : ''}first of ${paths}`;
}

/** As prettier formats it. */
function table(rows: readonly (readonly [string, string])[]): string[] {
	const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
	const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
	return [lines[0]!, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)];
}
