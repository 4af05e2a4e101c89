/** The ready workflows against our nodes as they are: n8n ignores a parameter that has another name without a word. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
} from 'n8n-workflow';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { ArcusErpTrigger } from '../../nodes/ArcusErp/ArcusErpTrigger.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { ArpioTrigger } from '../../nodes/Arpio/ArpioTrigger.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { AuditApiTrigger } from '../../nodes/AuditApi/AuditApiTrigger.node';
import { OtlpLogs } from '../../nodes/OtlpLogs/OtlpLogs.node';

interface Node {
	id: string;
	name: string;
	type: string;
	parameters: INodeParameters;
	credentials?: object;
}

interface Workflow {
	name: string;
	nodes: Node[];
	connections: Record<string, { main: { node: string }[][] }>;
}

const PACK = 'n8n-nodes-audit-relay.';
const classes = [ArcusErp, ArcusErpTrigger, Arpio, ArpioTrigger, AuditApi, AuditApiTrigger, OtlpLogs];
const types = new Map(
	classes.map((Class): [string, INodeType] => {
		const type = new Class();
		return [PACK + type.description.name, type];
	}),
);

const files = readdirSync('workflows').filter((file) => file.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(`workflows/${file}`, 'utf8')) as Workflow;

/** Parameters that the node does not have, or shows no field for with these settings, or values that cannot be chosen. */
function unknown({ parameters, type }: Node): string[] {
	const { properties } = types.get(type)!.description;
	// n8n adds the poll times itself
	const given = Object.entries(parameters).filter(([name]) => name !== 'pollTimes');
	const defaults = Object.fromEntries(properties.map((property) => [property.name, property.default]));
	const values = { ...defaults, ...parameters } as INodeParameters;
	return given.flatMap(([name, value]) => {
		const property = properties.find(
			(one) => one.name === name && NodeHelpers.displayParameter(values, one, { typeVersion: 1 }, null),
		);
		if (!property) return [name];
		if (property.type === 'collection') {
			const known = (property.options as INodeProperties[]).map((option) => option.name);
			return Object.keys(value as object).filter((option) => !known.includes(option));
		}
		if (property.type !== 'options' && property.type !== 'multiOptions') return [];
		const choices = (property.options as INodePropertyOptions[]).map((option) => option.value);
		return [value].flat().filter((one) => !choices.includes(one as string)) as string[];
	});
}

test('Audit → SIEM also keeps what is no event and has no text as received: what a trigger says about itself', () => {
	const keep = read('audit-to-siem.json').nodes.find((node) => node.name === 'Keep')!;
	const { columns } = keep.parameters as { columns: { value: { raw: string } } };
	const raw = (json: object) =>
		runInNewContext(columns.value.raw.replace(/^=\{\{|\}\}$/g, ''), { $json: json }) as string;
	expect(raw({ raw: '{"id": 1}', id: 1 })).toBe('{"id": 1}');
	expect(JSON.parse(raw({ notice: 'floorMoved' }))).toEqual({ notice: 'floorMoved' });
});

test('there are ready workflows', () => expect(files.length).toBeGreaterThanOrEqual(5));

describe.each(files)('%s', (file) => {
	const { nodes, connections, name } = read(file);
	const ours = nodes.filter(({ type }) => type.startsWith(PACK));

	test('uses our nodes with parameters that they have, and with credentials', () => {
		expect(ours.length).toBeGreaterThan(0);
		expect(ours.flatMap(unknown)).toEqual([]);
		for (const { type, credentials } of ours) {
			const needed = types.get(type)!.description.credentials!.map((one) => one.name);
			expect(Object.keys(credentials ?? {})).toEqual(needed);
		}
	});

	test('connects nodes that are there, each under a name and an id of its own', () => {
		const names = nodes.map((node) => node.name);
		const ends = Object.values(connections).flatMap(({ main }) => main.flat().map(({ node }) => node));
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...ends]));
		expect(new Set(names).size).toBe(nodes.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
	});

	test('says on a note what to set, and is listed on the page of the pack with a picture', () => {
		expect(JSON.stringify(nodes.find(({ type }) => type.endsWith('stickyNote'))?.parameters)).toMatch(/1\. /);
		expect(readFileSync('docs/n8n/README.md', 'utf8')).toContain(`](../../workflows/${file})`);
		const picture = `screens/workflow-${file.replace('.json', '.png')}`;
		expect(readFileSync('docs/n8n/README.md', 'utf8')).toContain(`](${picture})`);
		expect(existsSync(join('docs/n8n', picture))).toBe(true);
		expect(name).not.toBe('');
	});
});
