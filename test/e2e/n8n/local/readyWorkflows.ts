/** The workflows that the repository offers, with the credentials of the sandbox where there is one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PLACEHOLDER } from './chat';
import type { NodeOfWorkflow, Workflow } from '../support/workflow';

const KNOWN = new Set(['arpioApi', 'arcusErpApi', 'auditApi', 'otlpApi', 'slackApi', 'pagerDutyApi']);

/** @param chatUrl where they post their messages */
export function readyWorkflows(chatUrl = PLACEHOLDER, folder = 'workflows'): Workflow[] {
	if (!existsSync(folder)) return [];
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	return files.sort().map((file) => {
		const workflow = JSON.parse(readFileSync(join(folder, file), 'utf8').replaceAll(PLACEHOLDER, chatUrl)) as Workflow;
		return {
			...workflow,
			id: workflow.id ?? basename(file, '.json'),
			active: false,
			nodes: workflow.nodes.map(withCredentials),
		};
	});
}

/** Ids of credentials are those of the n8n that a workflow was made in; those of the sandbox are named by their types. */
function withCredentials(node: NodeOfWorkflow): NodeOfWorkflow {
	if (!node.credentials) return node;
	const known = Object.entries(node.credentials).map(([type, given]) => [
		type,
		KNOWN.has(type) ? { id: type, name: given.name } : given,
	]);
	return { ...node, credentials: Object.fromEntries(known) as NodeOfWorkflow['credentials'] };
}
