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
	auditApi: 'auditApi',
	auditApiTrigger: 'auditApi',
	otlpLogs: 'otlpApi',
};

/**
 * A node: of ours by its short name (`arpio`), of n8n's by its whole one (`n8n-nodes-base.set`).
 * @param settings e.g. `onError`, or `credentials` other than the sandbox's
 */
export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	{ typeVersion = 1, ...settings }: { typeVersion?: number; [setting: string]: unknown } = {},
): NodeOfWorkflow {
	const own = CREDENTIALS[type];
	return {
		id: name,
		name,
		type: own ? `${PACK}.${type}` : type,
		typeVersion,
		position: [0, 0],
		parameters,
		...(own && { credentials: { [own]: { id: own, name: own } } }),
		...settings,
	};
}

/** Nodes one after the other; several in a list stand side by side behind the one before. */
export function workflow(id: string, ...chain: readonly (NodeOfWorkflow | readonly NodeOfWorkflow[])[]): Workflow {
	const rows = chain.map((step) => [step].flat());
	const connections: Record<string, { main: Connection[][] }> = {};
	for (const [column, row] of rows.entries()) {
		const next = (rows[column + 1] ?? []).map(({ name }): Connection => ({ node: name, type: 'main', index: 0 }));
		for (const { name } of row) if (next.length > 0) connections[name] = { main: [next] };
	}
	const nodes = rows.flatMap((row, column) =>
		row.map((one, line) => ({ ...one, position: [column * 240, line * 160] as const })),
	);
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' }, active: false };
}

/** A workflow that `execute` can run. */
export function manual(id: string, ...chain: readonly (NodeOfWorkflow | readonly NodeOfWorkflow[])[]): Workflow {
	return workflow(id, node('Start', 'n8n-nodes-base.manualTrigger'), ...chain);
}

/** Gives these items, whatever goes in. */
export function items(name: string, ...values: readonly unknown[]): NodeOfWorkflow {
	const code = `return ${JSON.stringify(values.map((json) => ({ json })))};`;
	return node(name, 'n8n-nodes-base.code', { jsCode: code }, { typeVersion: 2 });
}
