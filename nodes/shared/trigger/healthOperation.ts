/** Trigger › Get Health: how the triggers of the node's own service are that stand in the same workflow. */
import type { INodeProperties } from 'n8n-workflow';
import type { Provider } from '../../../core/provider';
import type { Operation } from '../operation';
import { healthInWorkflow } from './health';

export function triggerHealth({ name, title }: Pick<Provider, 'name' | 'title'>): {
	operations: Record<string, Operation<unknown>>;
	choice: INodeProperties;
} {
	const getHealth: Operation<unknown> = {
		properties: [],
		async *run({ context, hint }) {
			const found = healthInWorkflow(context, name);
			if (found.length === 0) hint(`No ${title} Trigger in this workflow has been polled yet.`);
			yield* found;
		},
	};
	return {
		operations: { getHealth },
		choice: {
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['trigger'] } },
			options: [
				{
					name: 'Get Health',
					value: 'getHealth',
					action: 'Get the health of the triggers in this workflow',
					description: 'Get last poll, position, pause and floor of each trigger of this service in this workflow',
				},
			],
			default: 'getHealth',
		},
	};
}
