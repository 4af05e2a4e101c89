/** Type names of the nodes that a user finds, and of those that n8n makes of them for agents. */
import { PACK } from './pack';

const actions = ['arcusErp', 'arpio', 'auditApi', 'auditLog', 'otlpLogs'];
const triggers = ['arcusErpTrigger', 'arcusErpWebhookTrigger', 'arpioTrigger', 'auditApiTrigger', 'auditLogTrigger'];
const tools = actions.map((name) => `${name}Tool`);

export const ourNodes = [...actions, ...triggers, ...tools].map((name) => `${PACK}.${name}`);
