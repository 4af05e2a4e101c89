/** Arpio: disaster recovery for AWS and Azure. Facts: the vendor's API guide and first-party scripts. */
import type { JsonObject, Provider } from '../contract';
import { complete, text } from '../attributes';
import { isRead, urlPath } from './classify';
import { arpioClient, auditEventsPath, PAGE_SIZE } from './client';
import { arpioRecord } from './record';
import { arpioSource } from './source';

/** `<apiKeyId>:<secret>` in characters that a header can carry; the id has no colon. */
const KEY = /^[!-9;-~]+:[!-~]+$/;

export const arpio: Provider = {
	name: 'arpio',
	title: 'Arpio',
	label: 'arpio',
	defaults: {
		baseUrl: 'https://api.arpio.io',
		latenessMs: 600_000,
		pageSize: PAGE_SIZE,
		maxPageSize: 1000,
		requestsPerMinute: 60,
	},
	required: ['accountId'],
	endpoint: ({ accountId = '' }) => auditEventsPath(accountId),

	authorize(apiKey) {
		if (!KEY.test(apiKey)) {
			const fault =
				apiKey === '' ? 'it is empty' : apiKey.includes(':') ? 'one part is empty or has spaces' : 'it has no colon';
			throw new Error(`An Arpio API key has the form <apiKeyId>:<secret>; ${fault}`);
		}
		return { 'x-api-key': apiKey };
	},

	source: (call, settings) => arpioSource(arpioClient(call, settings.accountId ?? '', settings.pageSize), settings),
	record: (event) => complete(arpioRecord(event)),
	draft: arpioRecord,
	isSelfNoise,
};

/** Arpio audits reads, so every poll very likely causes an event of its own. */
function isSelfNoise(event: JsonObject): boolean {
	if (!isRead(event)) return false;
	return text(event['type']) === 'getAuditEvents' || /\/auditEvents\/?$/i.test(urlPath(event) ?? '');
}
