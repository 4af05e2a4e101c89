/** Arpio: disaster recovery for AWS and Azure. Facts: docs/providers/arpio.md. */
import type { JsonObject } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { text } from '../../core/record/attributes';
import { apiKeySetting } from '../../core/http/bearer';
import { isRead, urlPath } from './classify';
import { arpioClient, auditEventsPath, PAGE_SIZE } from './client';
import { makeArpioKey } from './makeKey';
import { arpioRecord } from './record';
import { arpioEvent, arpioSource } from './source';

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
	settings: {
		accountId: {
			title: 'Account ID',
			description: 'Account whose events are read: the first part of the path in the address bar of the Arpio console',
			required: true,
			identity: true,
			tenant: true,
			example: 'ARPIO_ACCOUNT_ID',
		},
		apiKey: apiKeySetting(
			'ID and secret of the key with a colon between them; a key with the role account_read is enough',
			'ARPIO_API_KEY',
		),
	},
	endpoint: ({ accountId = '' }) => auditEventsPath(accountId),

	authorize({ apiKey = '' }) {
		if (!KEY.test(apiKey)) {
			const fault =
				apiKey === '' ? 'it is empty' : apiKey.includes(':') ? 'one part is empty or has spaces' : 'it has no colon';
			throw new Error(`An Arpio API key has the form <apiKeyId>:<secret>; ${fault}`);
		}
		return { 'x-api-key': apiKey };
	},

	source: (call, { accountId = '' }, sizes) =>
		arpioSource(arpioClient(call, accountId, sizes.pageSize), accountId, sizes),
	event: arpioEvent,
	draft: arpioRecord,
	makeKey: makeArpioKey,
	isSelfNoise,
};

/** Arpio audits reads, so every poll very likely causes an event of its own. */
function isSelfNoise(event: JsonObject): boolean {
	if (!isRead(event)) return false;
	return text(event['type']) === 'getAuditEvents' || /\/auditEvents\/?$/i.test(urlPath(event) ?? '');
}
