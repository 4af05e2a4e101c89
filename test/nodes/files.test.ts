/** Lists of events as files: so many events in each, whichever service they are of. */
import type { IDataObject, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { csv } from '../../nodes/shared/csv';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../nodes/AuditApi/AuditApi.node';
import { execute, rows } from './support/context';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

const lists: [string, INodeType, INodeParameters][] = [
	['Arpio', new Arpio(), { resource: 'auditEvent', operation: 'getAll' }],
	['Arcus ERP', new ArcusErp(), { resource: 'auditLogEntry', operation: 'getAll' }],
	['Arcus ERP search', new ArcusErp(), { resource: 'auditLogEntry', operation: 'search', searchText: 'o' }],
	['Arcus ERP activity', new ArcusErp(), { resource: 'activityEvent', operation: 'getAll' }],
	['AuditAPI', new AuditApi(), { resource: 'event', operation: 'getAll' }],
	['AuditAPI search', new AuditApi(), { resource: 'event', operation: 'search', query: 'a*' }],
];

const contentOf = ({ binary }: INodeExecutionData) => Buffer.from(binary!.data!.data, 'base64').toString();

describe.each(lists)('%s', (_title, type, parameters) => {
	const ran = (more: INodeParameters) => execute(world, type, { parameters: { ...parameters, ...more } });

	it.each([true, false])('gives NDJSON with exactly the items that there would be, Simplify %s', async (simplify) => {
		const all = await rows(world, type, { ...parameters, returnAll: true, simplify });
		expect(all.length).toBeGreaterThan(4);
		const { output } = await ran({ returnAll: true, simplify, output: 'ndjson', eventsPerFile: 4 });
		const read = output.flatMap((file) => contentOf(file).trimEnd().split('\n'));
		expect(read.map((line) => JSON.parse(line) as IDataObject)).toEqual(all);
		const counts = output.map(({ json }) => json.events);
		expect(counts.slice(0, -1).every((count) => count === 4)).toBe(true);
		expect(counts).toHaveLength(Math.ceil(all.length / 4));
		const fileName = `${parameters.resource as string}-1.ndjson`;
		expect(output[0]).toMatchObject({
			json: { fileName, events: 4 },
			binary: { data: { fileName, mimeType: 'application/x-ndjson' } },
			pairedItem: { item: 0 },
		});
	});

	it('counts events and not files for the limit, and asks for no more', async () => {
		const { output } = await ran({ limit: 3, output: 'ndjson', eventsPerFile: 2 });
		expect(output.map(({ json }) => json.events)).toEqual([2, 1]);
		const listed = world.requests.filter(({ url }) => !url.endsWith('/applications'));
		expect(listed).toHaveLength(1);
	});

	it('gives CSV with a line for each event below the names of the fields', async () => {
		const all = await rows(world, type, { ...parameters, limit: 4 });
		const { output } = await ran({ limit: 4, output: 'csv' });
		expect(output).toHaveLength(1);
		expect(contentOf(output[0]!)).toBe(csv(all));
		expect(contentOf(output[0]!).split('\r\n')[0]).toBe(Object.keys(all[0]!).join());
		expect(output[0]!.binary!.data!.mimeType).toBe('text/csv');
	});
});

it('gives nothing where there are no events', async () => {
	const parameters = { resource: 'auditEvent', operation: 'getAll', output: 'csv', filters: { type: 'none' } };
	expect((await execute(world, new Arpio(), { parameters })).output).toEqual([]);
});

describe('CSV', () => {
	it.each<[string, IDataObject[], string]>([
		[
			'text that has to be quoted',
			[{ a: 'x,y', b: 'say "hi"', c: 'two\nlines' }],
			'a,b,c\r\n"x,y","say ""hi""","two\nlines"\r\n',
		],
		['nothing in place of nothing', [{ a: null, b: undefined, c: false, d: 0 }], 'a,b,c,d\r\n,,false,0\r\n'],
		['what has parts as JSON', [{ a: { b: [1] } }], 'a\r\n"{""b"":[1]}"\r\n'],
		['a column for each field of any event', [{ a: 1 }, { b: 2, a: 3 }], 'a,b\r\n1,\r\n3,2\r\n'],
		[
			'no formula for a spreadsheet',
			[{ a: '=HYPERLINK("x")', b: '@x', c: -5, d: '\n=1', e: '＝1' }],
			`a,b,c,d,e\r\n"'=HYPERLINK(""x"")",'@x,-5,"'\n=1",'＝1\r\n`,
		],
	])('%s', (_what, given, text) => expect(csv(given)).toBe(text));
});
