/** Arpio: what arpio.provider.yaml cannot say. */
import type { JsonObject } from '../../core/contract';
import type { Secrets } from '../../core/provider';
import { text } from '../../core/record/attributes';
import { withCode } from '../declared/withCode';
import { isRead, urlPath } from './classify';
import { auditFeed } from './client';
import declaration from './declaration.json';
import { makeArpioKey } from './makeKey';
import { arpioRecord } from './record';
import { arpioSource } from './source';

/** `<apiKeyId>:<secret>` in characters that a header can carry; the id has no colon. */
const KEY = /^[!-9;-~]+:[!-~]+$/;

export const arpio = withCode(declaration, {
	auth,
	source: (event, call, { accountId = '' }, sizes) =>
		arpioSource(auditFeed(call, accountId, sizes.pageSize), accountId, sizes, event),
	record: arpioRecord,
	makeKey: makeArpioKey,
	noise,
});

function auth({ apiKey = '' }: Secrets): Record<string, string> {
	if (!KEY.test(apiKey)) {
		const fault =
			apiKey === '' ? 'it is empty' : apiKey.includes(':') ? 'one part is empty or has spaces' : 'it has no colon';
		throw new Error(`An Arpio API key has the form <apiKeyId>:<secret>; ${fault}`);
	}
	return { [declaration.auth.name]: apiKey };
}

/** Arpio audits reads, so every poll very likely causes an event of its own. */
function noise(event: JsonObject): boolean {
	if (!isRead(event)) return false;
	return text(event['type']) === 'getAuditEvents' || /\/auditEvents\/?$/i.test(urlPath(event) ?? '');
}
