/** Workflows as n8n imports them. */
import { PACK } from './pack';

export interface NodeOfWorkflow {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly parameters: Record<string, unknown>;
	readonly credentials?: Record<string, { readonly id: string; readonly name: string }>;
	readonly [setting: string]: unknown;
}

export interface Workflow {
	readonly id: string;
	readonly name: string;
	readonly nodes: readonly NodeOfWorkflow[];
	readonly connections: Record<string, { readonly main: readonly (readonly Connection[])[] }>;
	readonly settings: Record<string, unknown>;
	readonly active: boolean;
}

interface Connection {
	readonly node: string;
	readonly type: 'main';
	readonly index: number;
}

const CREDENTIALS: Record<string, string> = {
	arpio: 'arpioApi',
	arpioTrigger: 'arpioApi',
	arcusErp: 'arcusErpApi',
	arcusErpTrigger: 'arcusErpApi',
	arcusErpWebhookTrigger: 'arcusErpApi',
	auditApi: 'auditApi',
	auditApiTrigger: 'auditApi',
	auditLog: 'auditLogApi',
	auditLogTrigger: 'auditLogApi',
	otlpLogs: 'otlpApi',
};

/**
 * A node: of ours by its short name (`arpio`), of other packs by its whole one (`n8n-nodes-base.set`).
 * @param settings e.g. `onError`, or `credentials` other than the sandbox's
 */
export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	{ typeVersion = 1, ...settings }: { typeVersion?: number; [setting: string]: unknown } = {},
): NodeOfWorkflow {
	const own = CREDENTIALS[type.split('.').at(-1)!];
	return {
		id: name,
		name,
		type: own && !type.includes('.') ? `${PACK}.${type}` : type,
		typeVersion,
		position: [0, 0],
		parameters,
		...(own && { credentials: { [own]: { id: own, name: own } } }),
		...settings,
	};
}

/** One node, or several branches side by side: each a node or nodes one after the other. */
export type Step = NodeOfWorkflow | readonly (NodeOfWorkflow | readonly NodeOfWorkflow[])[];

/** Steps one after the other: the last nodes of one lead to the first of the next. */
export function workflow(id: string, ...steps: readonly Step[]): Workflow {
	const rows = steps.map((step) =>
		isNode(step) ? [[step]] : step.map((branch) => (isNode(branch) ? [branch] : branch)),
	);
	const nodes: NodeOfWorkflow[] = [];
	const connections: Record<string, { main: Connection[][] }> = {};
	const connect = (from: NodeOfWorkflow, to: readonly NodeOfWorkflow[]) => {
		if (to.length > 0)
			connections[from.name] = { main: [to.map(({ name }) => ({ node: name, type: 'main', index: 0 }))] };
	};
	let column = 0;
	for (const [index, row] of rows.entries()) {
		const next = (rows[index + 1] ?? []).map((branch) => branch[0]!);
		for (const [line, branch] of row.entries()) {
			for (const [place, one] of branch.entries()) {
				nodes.push({ ...one, position: [(column + place) * 240, line * 160] });
				connect(one, place + 1 < branch.length ? [branch[place + 1]!] : next);
			}
		}
		column += Math.max(...row.map(({ length }) => length));
	}
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' }, active: false };
}

const isNode = (step: Step | readonly NodeOfWorkflow[]): step is NodeOfWorkflow => !Array.isArray(step);

/** A workflow that `execute` can run. */
export function manual(id: string, ...steps: readonly Step[]): Workflow {
	return workflow(id, node('Start', 'n8n-nodes-base.manualTrigger'), ...steps);
}

/** Gives these items, whatever goes in. */
export function items(name: string, ...values: readonly unknown[]): NodeOfWorkflow {
	const code = `return ${JSON.stringify(values.map((json) => ({ json })))};`;
	return node(name, 'n8n-nodes-base.code', { jsCode: code }, { typeVersion: 2 });
}
