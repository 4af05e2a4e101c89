/** One message that says that nothing is wrong. */
import { SecretError } from '../config/secrets';
import type { NotificationConfig } from '../config/types';
import { formatInstant, fromMillis } from '../../core/time';
import { post, type Posted, type PostDeps } from './post';
import { keyOf, type Notice } from './problem';
import { SHAPES } from './shapes/shapes';

export async function sendTrial(config: NotificationConfig, from: string, by: string, deps: PostDeps): Promise<Posted> {
	const { name, type, routingKey } = config;
	const at = formatInstant(fromMillis(deps.clock.now()), 0);
	const message = `${by} tries this notification out; nothing is wrong`;
	const incident = `audit-relay test ${name} ${at}`;
	const notice: Notice = { rule: 'test', severity: 'degraded', notification: name, message, toldAt: at, incident };
	const open = { key: keyOf(notice), notice, unseenMs: 0 };
	try {
		const key = await routingKey?.read();
		const begun = SHAPES[type]({ begun: [notice], over: [], open: [], from, at }, key);
		// an incident must not stay open
		const ended = type === 'pagerduty' ? SHAPES[type]({ begun: [], over: [open], open: [open], from, at }, key) : [];
		for (const { body } of [...begun, ...ended]) {
			const posted = await post(config, body, deps);
			if (!posted.ok) return posted;
		}
		return { ok: true };
	} catch (error) {
		if (!(error instanceof SecretError)) throw error;
		return { ok: false, retry: false, reason: error.message };
	}
}
