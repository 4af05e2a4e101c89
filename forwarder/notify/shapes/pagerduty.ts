/**
 * PagerDuty's Events API v2. What was told together is one incident, which is resolved when the last of it is over: one for each problem
 * would be a storm, and one for each rule would page nobody when the second problem comes.
 */
import { grouped } from '../../grouped';
import { byRule, wordsOf } from '../message';
import type { Notice } from '../problem';
import type { Post, Shape } from './shape';

const LONGEST_SUMMARY = 1024;
const MOST_DETAILS = 50;

export const pagerduty: Shape = ({ begun, over, open, from, at }, routingKey) => [
	...byRule(begun).map(([rule, some]): Post => ({
		body: triggered(rule, some, from, at, routingKey),
		begun: some,
		over: [],
	})),
	...[...grouped(over, ({ notice }) => notice.incident)].map(([incident, some]): Post => {
		const remaining = open.filter(({ notice }) => notice.incident === incident).length - some.length;
		const body = { routing_key: routingKey, event_action: 'resolve', dedup_key: incident };
		return { ...(remaining === 0 && { body }), begun: [], over: some };
	}),
];

function triggered(rule: string, some: readonly Notice[], from: string, at: string, routingKey: string | undefined) {
	const { sections } = wordsOf({ begun: [...some], over: [] }, from);
	const [{ title, lines } = { title: rule, lines: [''] }] = sections;
	return {
		routing_key: routingKey,
		event_action: 'trigger',
		dedup_key: some[0]!.incident,
		client: 'Audit Relay',
		payload: {
			summary: `${title}: ${lines[0]}`.slice(0, LONGEST_SUMMARY),
			source: from,
			severity: severityOf(rule, some),
			timestamp: at,
			component: 'audit-relay',
			class: rule,
			custom_details: {
				problems: some
					.slice(0, MOST_DETAILS)
					.map(({ source, destination, since, message, fix }) => ({ source, destination, since, message, fix })),
				total: some.length,
			},
		},
	};
}

function severityOf(rule: string, some: readonly Notice[]): string {
	if (rule === 'test') return 'info';
	return some.some(({ severity }) => severity === 'not_ready') ? 'critical' : 'warning';
}
