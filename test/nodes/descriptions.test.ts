/** What the editor shows. A change here changes saved workflows: outputs and parameter names of a published version stay. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ICredentialType, INodeProperties, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { declared, providers } from '../../providers/registry';

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
	it('has a description', () => expect(withoutDeclared(type.description)).toMatchSnapshot());

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

it.each(['AuditLog', 'AuditLogTrigger'])('%s leaves out what has nodes of its own', (name) => {
	const [, type] = nodes.find(([one]) => one === name)!;
	const { options } = type.description.properties.find((property) => property.name === 'provider')!;
	const offered = (options as { value: string }[]).map(({ value }) => value);
	expect(offered).toContain('github');
	expect(offered.filter((value) => value in providers)).toEqual([]);
});

/** An empty field does not say what it wants. */
it('shows an example in every field for text', () => {
	const credentials = globSync('credentials/*.credentials.ts').map((file): [string, INodeProperties[]] => {
		// eslint-disable-next-line @typescript-eslint/no-require-imports
		const [type] = Object.values(require(resolve(file)) as Record<string, new () => ICredentialType>);
		return [basename(file), new type!().properties];
	});
	const all = [
		...nodes.map(([name, type]): [string, INodeProperties[]] => [name, type.description.properties]),
		...credentials,
	];
	const bare = all.flatMap(([name, properties]) =>
		everything(properties)
			.filter(
				({ type, default: value, placeholder }) =>
					type === 'string' && value === '' && !placeholder?.startsWith('e.g. '),
			)
			.map(({ displayName }) => `${name}: ${displayName}`),
	);
	expect(bare).toEqual([]);
});

/** n8n's search looks at names, actions and the words of the codex file, and not at the choices of a parameter. */
it.each(nodes)('%s is found by "failover" if it offers that', (_name, { description }, file) => {
	const offers = everything(description.properties).some(({ options = [] }) =>
		options.some((option) => 'value' in option && option.value === 'failover'),
	);
	const { alias } = JSON.parse(readFileSync(file.replace(/\.ts$/, '.json'), 'utf8')) as { alias: string[] };
	expect(alias.includes('failover')).toBe(offers);
});

/** A new declaration is a file of its own, and none of these. */
function withoutDeclared(description: INodeTypeDescription): INodeTypeDescription {
	const names = declared.map(({ name }) => name);
	const isOther = (one: unknown) => !names.includes(one as string);
	const properties = description.properties.flatMap((property): INodeProperties[] => {
		const { show = {} } = property.displayOptions ?? {};
		if (show['provider'] && !show['provider'].some(isOther)) return [];
		if (!['provider', 'origin'].includes(property.name)) return [property];
		const options = property.options?.filter((option) => !('value' in option) || isOther(option.value));
		return [{ ...property, options, ...(!isOther(property.default) && { default: 'the first' }) }];
	});
	return { ...description, properties };
}

function everything(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		return [property, ...everything(inner)];
	});
}
