/** The same list read by a node of ours, and by n8n's HTTP Request node as somebody would set it up. */
import type { ProviderName } from '../../providers/registry';
import { credential, type Credential } from '../../test/e2e/n8n/support/credentials';
import { node, workflow, type NodeOfWorkflow, type Workflow } from '../../test/e2e/n8n/support/workflow';

/** Nodes of each flow. */
export const LIST = 'List';
export const COUNT = 'Count';

export const READERS = ['our node', 'HTTP Request'] as const;
export type Reader = (typeof READERS)[number];

interface Service {
	type: string;
	credential: string;
	resource: string;
	path: string;
	pageSize: 'pageSize' | 'limit';
	list: 'events' | 'data';
	id: string;
	/** Query parameter of the next page, where it is found, and when there is none. */
	next: [name: string, value: string, done: string];
}

const cursor: Service['next'] = [
	'starting_after',
	'={{ $response.body.data?.last()?.id }}',
	'={{ !$response.body.has_more }}',
];

export const SERVICES: Record<ProviderName, Service> = {
	arpio: {
		...{ type: 'arpio', credential: 'arpioApi', resource: 'auditEvent', path: '/api/accounts/bench/auditEvents' },
		...{ pageSize: 'pageSize', list: 'events', id: 'eventId' },
		next: ['nextToken', '={{ $response.body.nextToken }}', '={{ !$response.body.nextToken }}'],
	},
	'arcus-erp': {
		...{ type: 'arcusErp', credential: 'arcusErpApi', resource: 'auditLogEntry', path: '/audit_log_entries' },
		...{ pageSize: 'limit', list: 'data', id: 'id', next: cursor },
	},
	auditapi: {
		...{ type: 'auditApi', credential: 'auditApi', resource: 'event', path: '/events' },
		...{ pageSize: 'limit', list: 'data', id: 'id', next: cursor },
	},
};

/** The pace, by default 60 or 240 requests a minute, would decide everything. */
const unpaced = { requestsPerMinute: 100_000 };

export function credentials(baseUrl: string): Credential[] {
	return [
		credential('arpioApi', 'Arpio', { apiKey: 'id:secret', accountId: 'bench', baseUrl, ...unpaced }),
		credential('arcusErpApi', 'Arcus ERP', { apiKey: 'ark_live_ent_bench', baseUrl, ...unpaced }),
		credential('auditApi', 'AuditAPI', { apiKey: 'bench', baseUrl, ...unpaced }),
	];
}

/** A webhook that reads the whole list and answers with the number of items. */
export function flow(id: string, reader: Reader, service: Service, baseUrl: string): Workflow {
	const steps = reader === 'our node' ? [ours(service)] : theirs(service, baseUrl);
	const count = node(COUNT, 'n8n-nodes-base.summarize', {
		fieldsToSummarize: { values: [{ aggregation: 'count', field: service.id }] },
		options: {},
	});
	const all = workflow(id, webhook(id), ...steps, count);
	return { ...all, settings: { ...all.settings, saveDataSuccessExecution: 'none' } };
}

/** The same as files: answers with the number of events in them. */
export function filesFlow(id: string, service: Service): Workflow {
	const list = ours(service);
	const files = { ...list, parameters: { ...list.parameters, output: 'ndjson' } };
	const count = node(COUNT, 'n8n-nodes-base.summarize', {
		fieldsToSummarize: { values: [{ aggregation: 'sum', field: 'events' }] },
		options: {},
	});
	const all = workflow(id, webhook(id), files, count);
	return { ...all, settings: { ...all.settings, saveDataSuccessExecution: 'none' } };
}

function webhook(path: string): NodeOfWorkflow {
	const given = { path, responseMode: 'lastNode', options: {} };
	return node('Webhook', 'n8n-nodes-base.webhook', given, { typeVersion: 2, webhookId: path });
}

function ours({ type, resource }: Service): NodeOfWorkflow {
	const options = { pageSize: 100 };
	return node(LIST, type, { resource, operation: 'getAll', returnAll: true, simplify: false, filters: {}, options });
}

/** With the same credential: no provider answers without a key. */
function theirs(service: Service, baseUrl: string): NodeOfWorkflow[] {
	const { credential: type, path, pageSize, list, next } = service;
	const [name, value, done] = next;
	const pagination = {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: 'qs', name, value }] },
		paginationCompleteWhen: 'other',
		completeExpression: done,
	};
	return [
		node(
			LIST,
			'n8n-nodes-base.httpRequest',
			{
				...{ authentication: 'predefinedCredentialType', nodeCredentialType: type },
				...{ url: `${baseUrl}${path}?${pageSize}=100`, options: { pagination: { pagination } } },
			},
			{ typeVersion: 4.2, credentials: { [type]: { id: type, name: type } } },
		),
		node('Split Out', 'n8n-nodes-base.splitOut', { fieldToSplitOut: list, options: {} }),
	];
}
