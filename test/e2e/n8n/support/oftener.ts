/** A node of a ready workflow that polls, or starts, every six seconds instead of every minute. */
import type { NodeOfWorkflow } from './workflow';

const EVERY_S = 6;
const every = Array.from({ length: 60 / EVERY_S }, (_, n) => `${n * EVERY_S} * * * * *`);

export function oftener(node: NodeOfWorkflow): NodeOfWorkflow {
	const { parameters } = node;
	if ('pollTimes' in parameters) {
		const item = every.map((cronExpression) => ({ mode: 'custom', cronExpression }));
		return { ...node, parameters: { ...parameters, pollTimes: { item } } };
	}
	if (!('rule' in parameters)) return node;
	return { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: EVERY_S }] } } };
}
