import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { properties } from './properties';
import { ship } from './ship';

export class OtlpLogs implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'OTLP Logs',
		name: 'otlpLogs',
		icon: { light: 'file:otlpLogs.svg', dark: 'file:otlpLogs.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["mapping"] === "event" ? "from audit event" : "mapped by hand" }}',
		description:
			'Ship audit events and other items as OpenTelemetry log records to Datadog, a Collector or any OTLP receiver',
		defaults: { name: 'OTLP Logs' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Accepted', 'Rejected'],
		usableAsTool: true,
		credentials: [{ name: 'otlpApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return ship(this);
	}
}
