/** docs/mapping.md names every attribute that records carry, and no other. */
import { readFileSync } from 'node:fs';
import { declared } from '../../providers/registry';
import { attributeNames, resourceNames } from './support/records';

const text = readFileSync('docs/mapping.md', 'utf8');

test('every attribute is documented, and every documented one is carried by some record', () => {
	const ofDeclared = declared.flatMap(({ record }) => Object.keys(record.attributes ?? {}));
	expect([...documented()].sort()).toEqual([...new Set([...attributeNames, ...ofDeclared])].sort());
});

test('so are the resource attributes', () => {
	const [, said] = /^- \*\*Resource\*\*:([^]*?)^- /m.exec(text)!;
	for (const name of resourceNames) expect(said).toContain(`\`${name}\``);
	expect(resourceNames.size).toBe(5);
});

/** First columns of the tables whose head is "Attribute"; `.id` continues the name before it. */
function documented(): Set<string> {
	const names = new Set<string>();
	let inTable = false;
	for (const line of text.split('\n')) {
		const [, first] = /^\| (.*?) +\|/.exec(line) ?? [];
		if (first === undefined) inTable = false;
		else if (first === 'Attribute') inTable = true;
		else if (inTable) addNames(first, names);
	}
	return names;
}

function addNames(cell: string, names: Set<string>): void {
	let last = '';
	for (const [, name] of cell.matchAll(/`([a-z_.]+)`/g)) {
		const whole = name!.startsWith('.') ? last.replace(/\.[^.]+$/, '') + name! : name!;
		names.add(whole);
		last = whole;
	}
}
