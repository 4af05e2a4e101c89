/** Who is told of problems. */
import * as z from 'zod';
import { HEADER_NAME } from '../headers';
import { TOLD_AFTER, type ToldRule } from '../toldAfter';
import { count, duration, name, text, Tls } from './values';

export const Notification = z.strictObject({
	name: name.describe('Name of this notification: in logs, metrics and on the command line.'),
	type: z
		.enum(['webhook', 'slack', 'teams', 'pagerduty'])
		.describe(
			'webhook: JSON of our own. slack: an incoming webhook. teams: a workflow that begins with a webhook. pagerduty: Events API v2.',
		),
	url: text
		.optional()
		.describe(
			'Where it is posted to. Only as a reference, because who knows it can post there. Default with pagerduty: its own address.',
		),
	routingKey: text
		.optional()
		.describe('For pagerduty: integration key of an Events API v2 integration. Only as a reference.'),
	region: z.enum(['us', 'eu']).optional().describe('For pagerduty: service region of the account. Default: us.'),
	headers: z
		.record(z.string().regex(HEADER_NAME), z.string())
		.optional()
		.describe('Request headers. Values of secret headers must be references: "${env:NAME}" or "${file:/path}".'),
	severity: z
		.enum(['degraded', 'not_ready'])
		.default('degraded')
		.describe(
			'The least that is told. not_ready: only what stops a source, a destination or the process. Default: degraded, which is everything.',
		),
	after: z
		.partialRecord(z.enum(Object.keys(TOLD_AFTER) as [ToldRule, ...ToldRule[]]), duration('0ms', '7d'))
		.optional()
		.describe(
			'How long a problem lasts before it is told, by its rule in /readyz. Default: by rule, docs/operations.md.',
		),
	perMinute: count(1, 600).default(6).describe('Messages in a minute at most; what is more waits. Default: 6.'),
	allowInsecure: z.boolean().default(false).describe('Allow an http:// address on another host.'),
	tls: Tls.describe('Certificates for this address.'),
});

export type NotificationInput = z.infer<typeof Notification>;
