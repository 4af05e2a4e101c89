/** Events as files instead of items: only those of one file are in memory, when n8n keeps binary data outside of it. */
import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { csv } from './csv';
import type { Step } from './step';

export const asFiles: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'CSV Files', value: 'csv', description: 'One item per file, with a column for each field' },
			{ name: 'Items', value: 'items', description: 'One item per event' },
			{ name: 'NDJSON Files', value: 'ndjson', description: 'One item per file, with a line of JSON for each event' },
		],
		default: 'items',
		description: 'Files take little memory, however many events there are',
	},
	{
		displayName: 'Events per File',
		name: 'eventsPerFile',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { output: ['csv', 'ndjson'] } },
		default: 10000,
		description: 'So many events are in memory at a time',
	},
];

const FORMATS: Record<string, { mimeType: string; text: (rows: readonly IDataObject[]) => string }> = {
	csv: { mimeType: 'text/csv', text: csv },
	ndjson: {
		mimeType: 'application/x-ndjson',
		text: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
	},
};

export type Row = Pick<INodeExecutionData, 'json' | 'binary'>;

export interface Files {
	add(row: IDataObject): Promise<void>;
	/** An item for each file. */
	end(): Promise<Row[]>;
}

/** Undefined where items are wanted. */
export function filesOf({ parameter, context }: Pick<Step<unknown>, 'parameter' | 'context'>): Files | undefined {
	const extension = parameter<string>('output', 'items');
	const format = FORMATS[extension];
	if (!format) return undefined;
	const perFile = parameter('eventsPerFile', 10000);
	const done: Row[] = [];
	let part: IDataObject[] = [];
	const close = async () => {
		const fileName = `${parameter<string>('resource')}-${done.length + 1}.${extension}`;
		const content = Buffer.from(format.text(part));
		const data = await context.helpers.prepareBinaryData(content, fileName, format.mimeType);
		done.push({ json: { fileName, events: part.length }, binary: { data } });
		part = [];
	};
	return {
		async add(row) {
			if (part.push(row) >= perFile) await close();
		},
		async end() {
			if (part.length > 0) await close();
			return done;
		},
	};
}
