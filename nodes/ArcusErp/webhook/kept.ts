/**
 * The endpoint of a trigger, in the static data of the workflow: under the node's id, because n8n finds a node's own by its name. The
 * secret is shown once, when the endpoint is registered, and is kept nowhere else.
 */
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { object, text } from '../../shared/core';

const PLACE = 'auditRelayWebhooks';

export interface KeptEndpoint {
	id: string;
	secret: string;
	/** Of the account that it is registered in. */
	mark: string;
}

export function keptEndpoint(context: IHookFunctions | IWebhookFunctions): KeptEndpoint | undefined {
	const all = object(context.getWorkflowStaticData('global')[PLACE]);
	const { id, secret, mark } = object(all[context.getNode().id]);
	const endpoint = { id: text(id), secret: text(secret), mark: text(mark) };
	return endpoint.id && endpoint.secret && endpoint.mark ? (endpoint as KeptEndpoint) : undefined;
}

export function keepEndpoint(context: IHookFunctions, endpoint: KeptEndpoint): void {
	const workflow = context.getWorkflowStaticData('global');
	// n8n notices only what is assigned
	workflow[PLACE] = { ...object(workflow[PLACE]), [context.getNode().id]: { ...endpoint } } as IDataObject;
}
