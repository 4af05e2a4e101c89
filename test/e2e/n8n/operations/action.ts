/** Nodes that run an operation. */
import { node, type NodeOfWorkflow } from '../support/workflow';

type Parameters = Record<string, unknown> & { readonly options?: Record<string, unknown> };

/** @param type short name of the node type @param operation `<resource>.<operation>` */
export function action(
	name: string,
	type: string,
	operation: string,
	parameters: Parameters = {},
	settings: Record<string, unknown> = {},
): NodeOfWorkflow {
	const [resource, verb] = operation.split('.');
	return node(name, type, { resource, operation: verb, options: {}, ...parameters }, settings);
}

/** A resource locator that holds this id, or an expression. */
export const picked = (value: string) => ({ __rl: true, mode: 'id', value });

/** The events of a simulated provider, oldest first, as their texts say. */
export function eventsOf(api: { log: { all(): readonly { raw: string }[] } }): Record<string, unknown>[] {
	return api.log.all().map(({ raw }) => JSON.parse(raw) as Record<string, unknown>);
}
