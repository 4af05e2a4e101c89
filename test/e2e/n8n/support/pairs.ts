/** Every node and trigger of ours, each with OTLP Logs behind it, both at their defaults. */
import { allCases } from '../../../nodes/support/operations';
import type { Run } from './run';
import type { Server } from './server';
import { manual, node, type NodeOfWorkflow, type Workflow } from './workflow';

export const OPERATIONS = allCases.map(([title]) => title);
export const TRIGGER_TYPES = ['arpioTrigger', 'arcusErpTrigger', 'auditApiTrigger'];

const end = (name: string) => `${name} → SIEM`;
const siem = (name: string): NodeOfWorkflow => node(end(name), 'otlpLogs');

/** Side by side behind a manual trigger. */
export const pairs = (): NodeOfWorkflow[][] =>
	allCases.map(([title, { description }, parameters]) => [
		node(title, description.name, parameters as Record<string, unknown>),
		siem(title),
	]);

/** Each trigger begins a branch of its own. */
export function triggerPairs(): Workflow {
	const flow = manual(
		'triggers',
		TRIGGER_TYPES.map((type) => [node(type, type), siem(type)]),
	);
	const { Start: _start, ...connections } = flow.connections;
	return { ...flow, connections };
}

/** By hand, one after the other. */
export async function runTriggers(server: Server): Promise<Run[]> {
	const runs: Run[] = [];
	for (const type of TRIGGER_TYPES) runs.push(await server.runByHand(triggerPairs(), type));
	return runs;
}

/** What the node gave, and what OTLP Logs accepted and rejected of it. */
export const shipped = (run: Run, name: string) => ({
	given: run.json(name),
	accepted: run.json(end(name)),
	rejected: run.json(end(name), 1),
});
