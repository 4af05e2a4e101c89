/** Completes one notification: where it goes by default, and the checks that need more than the value itself. */
import { parseDuration } from '../../core/durations';
import type { KeyPath, Report } from './errors';
import { nameMistake } from './headers';
import type { NotificationInput } from './schema/notification';
import { fixedSecret, secretOf, type Env } from './secrets';
import { readTls } from './tls';
import { TOLD_AFTER, type ToldRule } from './toldAfter';
import type { NotificationConfig } from './types';

interface Context {
	env: Env;
	/** Where relative secret files start. */
	folder: string;
	report: Report;
}

/** Of PagerDuty's Events API v2, by the service region of the account. */
const PAGERDUTY = {
	us: 'https://events.pagerduty.com/v2/enqueue',
	eu: 'https://events.eu.pagerduty.com/v2/enqueue',
};

const USUAL = Object.entries(TOLD_AFTER).map(([rule, after]) => [rule, parseDuration(after)!]);

export function buildNotification(
	input: NotificationInput,
	at: KeyPath,
	{ env, folder, report }: Context,
): NotificationConfig {
	const { name, type, severity, perMinute, allowInsecure } = input;
	const isPagerDuty = type === 'pagerduty';
	const isFor = (key: 'routingKey' | 'region', ok: boolean) => {
		if (input[key] !== undefined && !ok) report([...at, key], 'is for pagerduty only', 'Remove it', 'key');
	};
	isFor('routingKey', isPagerDuty);
	isFor('region', isPagerDuty);
	if (isPagerDuty && input.routingKey === undefined) {
		const fix = 'Write routingKey: "${env:PAGERDUTY_ROUTING_KEY}", the integration key of an Events API v2 integration';
		report([...at, 'routingKey'], 'is missing', fix, 'key');
	}
	if (!isPagerDuty && input.url === undefined) {
		report([...at, 'url'], 'is missing', `Write url: "\${env:${type.toUpperCase()}_URL}"`, 'key');
	}
	if (input.region !== undefined && input.url !== undefined) {
		report([...at, 'region'], 'has no effect beside url', 'Remove one of them', 'key');
	}
	const headers = Object.entries(input.headers ?? {});
	for (const [header] of headers) {
		const mistake = nameMistake(header);
		if (mistake) report([...at, 'headers', header], ...mistake, 'key');
	}
	const tls = readTls(input.tls, [...at, 'tls'], { folder, report });
	return {
		...{ name, type, severity, perMinute, allowInsecure },
		url: input.url === undefined ? fixedSecret(PAGERDUTY[input.region ?? 'us']) : secretOf(input.url, env, folder),
		...(input.routingKey !== undefined && { routingKey: secretOf(input.routingKey, env, folder) }),
		headers: Object.fromEntries(headers.map(([header, value]) => [header, secretOf(value, env, folder)])),
		afterMs: { ...Object.fromEntries(USUAL), ...input.after } as Record<ToldRule, number>,
		...(tls && { tls }),
	};
}
