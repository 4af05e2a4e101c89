/** What the editor shows. A change here changes saved workflows: outputs and parameter names of a published version stay. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { INodeProperties, INodeType } from 'n8n-workflow';

const files = globSync('nodes/*/*.node.ts').sort();

function typeOf(file: string): INodeType {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const module = require(resolve(file)) as Record<string, new () => INodeType>;
	return new module[basename(file).split('.')[0]!]!();
}

const nodes = files.map((file): [string, INodeType, string] => [basename(file, '.node.ts'), typeOf(file), file]);

it('lists every node and credential in package.json', () => {
	const { n8n } = JSON.parse(readFileSync('package.json', 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const built = (file: string) => `dist/${file.replace(/\.ts$/, '.js')}`;
	expect([...n8n.nodes].sort()).toEqual(files.map(built).sort());
	expect([...n8n.credentials].sort()).toEqual(globSync('credentials/*.credentials.ts').map(built).sort());
});

describe.each(nodes)('%s', (_name, type, file) => {
	it('has a description', () => expect(type.description).toMatchSnapshot());

	it('has light and dark icons, and a codex file', () => {
		const { light, dark } = type.description.icon as { light: string; dark: string };
		const read = (icon: string) => readFileSync(join(dirname(file), icon.replace('file:', '')), 'utf8');
		expect(read(light)).toMatch(/^<svg /);
		expect(read(light)).not.toBe(read(dark));
		const codex = JSON.parse(readFileSync(file.replace(/\.ts$/, '.json'), 'utf8')) as { node: string };
		expect(codex.node).toBe(`n8n-nodes-audit-relay.${type.description.name}`);
	});

	it('speaks without the words that n8n asks to avoid, and sorts long lists', () => {
		for (const property of everything(type.description.properties)) {
			const words = `${property.displayName} ${property.description ?? ''}`;
			expect(words).not.toMatch(/\b(?:error|problem)\b/i);
			if (!['collection', 'options', 'multiOptions'].includes(property.type)) continue;
			const names = (property.options ?? []).map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			if (names.length >= 5) expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
		}
	});
});

function everything(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		return [property, ...everything(inner)];
	});
}
