/** What this node knows of the services that have nodes of their own: how their items are recognised, and read again. */
import type { IDataObject } from 'n8n-workflow';
import type { JsonObject } from '../../../core/contract';
import type { Provider } from '../../../core/provider';
import { arcusErp, arpio, auditApi, text } from '../../shared/core';

export interface OwnService {
	provider: Provider;
	/** Whether JSON is an event of it. */
	isOwn(json: JsonObject): boolean;
	/** Recognised by its id, whatever that holds: an event of it is taken without one, too. */
	isRecognisedById?: true;
	/** Whose log it is, where the event says so. */
	tenant?(json: JsonObject): string | undefined;
	/** The event as far as a simplified item tells it. What stands there in other words, as the target does, is in the body only. */
	simplified(item: IDataObject): JsonObject;
}

const services: readonly OwnService[] = [
	{
		provider: arpio,
		isOwn: ({ eventId }) => eventId !== undefined,
		isRecognisedById: true,
		tenant: ({ accountId }) => text(accountId),
		simplified: ({ action, outcome, actor, message }) => ({
			type: action,
			result: outcome,
			principal: { identity: { subjectId: actor } },
			context: { apiRequest: { url: message } },
		}),
	},
	{
		provider: arcusErp,
		isOwn: ({ object }) => object === 'audit_log_entry',
		tenant: ({ entity_id }) => text(entity_id),
		simplified: ({ action, outcome, actor, message }) => ({
			action,
			outcome,
			actor: { label: actor },
			description: message,
		}),
	},
	{
		provider: auditApi,
		isOwn: ({ object, payload }) => object === 'event' && payload !== undefined,
		simplified: ({ payload }) => ({ payload }),
	},
];

export const recognised = (json: JsonObject): OwnService | undefined => services.find(({ isOwn }) => isOwn(json));

export function serviceOf({ name }: Pick<Provider, 'name'>): OwnService | undefined {
	return services.find(({ provider }) => provider.name === name);
}
