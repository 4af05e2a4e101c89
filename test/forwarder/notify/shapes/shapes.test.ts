/** What each receiver is sent. */
import { keyOf, type Notice } from '../../../../forwarder/notify/problem';
import { pagerduty } from '../../../../forwarder/notify/shapes/pagerduty';
import type { Telling } from '../../../../forwarder/notify/shapes/shape';
import { SHAPES } from '../../../../forwarder/notify/shapes/shapes';
import { slack } from '../../../../forwarder/notify/shapes/slack';
import { teams } from '../../../../forwarder/notify/shapes/teams';
import { webhook } from '../../../../forwarder/notify/shapes/webhook';
import { refusedSource } from '../support';

const AT = '2026-11-20T12:00:00Z';
const since = '2026-11-20T11:58:00Z';
const notice = (source: string, change: Partial<Notice> = {}): Notice => ({
	...refusedSource(source, { since }),
	...{ toldAt: AT, incident: 'the incident' },
	...change,
});
const open = (one: Notice) => ({ key: keyOf(one), notice: one, unseenMs: 0 });
const telling = (change: Partial<Telling>): Telling => ({
	...{ begun: [], over: [], open: [], from: 'relay-1', at: AT },
	...change,
});

test('our own JSON has everything there is to say', () => {
	const gone = open(notice('globex'));
	const [post] = webhook(telling({ begun: [notice('acme')], over: [gone], open: [gone] }), undefined);
	const told = { rule: 'source_refused', severity: 'not_ready', since, message: 'status 401', fix: 'check the key' };
	expect(JSON.parse(JSON.stringify(post!.body))).toEqual({
		...{ version: 1, from: 'relay-1', at: AT, open: 1 },
		begun: [{ ...told, source: 'acme' }],
		over: [{ ...told, source: 'globex', toldAt: AT }],
	});
});

test('Slack gets one text, in which no word of others is a link or calls a whole channel', () => {
	const evil = notice('acme', { message: '<!channel> <https://evil.example|look> & more' });
	const [post] = slack(telling({ begun: [evil], over: [open(notice('globex'))] }), undefined);
	expect((post!.body as { text: string }).text).toBe(
		[
			'*Audit Relay on relay-1: source refused, over: source refused*',
			':warning: *source refused*',
			`• acme: &lt;!channel&gt; &lt;https://evil.example|look&gt; &amp; more; check the key; since ${since}`,
			':white_check_mark: *over: source refused*',
			`• globex, since ${since}`,
		].join('\n'),
	);
});

test('Teams gets an Adaptive Card as its workflows take it, of text without markup', () => {
	const [post] = teams(telling({ begun: [notice('acme')] }), undefined);
	const body = post!.body as { type: string; attachments: { contentType: string; content: Record<string, unknown> }[] };
	expect(body.type).toBe('message');
	expect(body.attachments).toHaveLength(1);
	const [{ contentType, content }] = body.attachments as [(typeof body.attachments)[0]];
	expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
	expect(content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
	const blocks = content['body'] as { type: string; inlines: { type: string; text: string }[] }[];
	expect(blocks.map(({ type }) => type)).toEqual(['RichTextBlock', 'RichTextBlock', 'RichTextBlock']);
	expect(blocks.map(({ inlines }) => inlines[0]!.text)).toEqual([
		'Audit Relay on relay-1: source refused',
		'source refused',
		`acme: status 401; check the key; since ${since}`,
	]);
});

describe('PagerDuty', () => {
	test('what is told together is one incident for each kind, and critical when it is', () => {
		const gaps: Notice = { ...notice('acme'), rule: 'gaps', severity: 'degraded', incident: 'another' };
		const posts = pagerduty(telling({ begun: [notice('acme'), notice('globex'), gaps] }), 'the-key');
		expect(posts.map(({ body }) => body)).toMatchObject([
			{
				...{ routing_key: 'the-key', event_action: 'trigger', dedup_key: 'the incident' },
				payload: {
					...{ source: 'relay-1', severity: 'critical', class: 'source_refused', timestamp: AT },
					summary: `source refused (2): acme: status 401; check the key; since ${since}`,
					custom_details: { total: 2, problems: [{ source: 'acme' }, { source: 'globex' }] },
				},
			},
			{ dedup_key: 'another', payload: { severity: 'warning', class: 'gaps' } },
		]);
	});

	test('it is resolved when the last of it is over, and not before', () => {
		const [acme, globex] = [open(notice('acme')), open(notice('globex'))];
		const part = pagerduty(telling({ over: [acme], open: [acme, globex] }), 'the-key');
		expect(part).toEqual([{ begun: [], over: [acme] }]);
		const [rest] = pagerduty(telling({ over: [globex], open: [globex] }), 'the-key');
		expect(rest!.body).toEqual({ routing_key: 'the-key', event_action: 'resolve', dedup_key: 'the incident' });
	});
});

test.each(Object.entries(SHAPES))('300 tenants with long errors fit into one message: %s', (type, shape) => {
	const many = Array.from({ length: 300 }, (_, index) =>
		notice(`tenant-with-a-long-name-${index}`, { message: 'x'.repeat(5000) }),
	);
	const [post, ...more] = shape(telling({ begun: many }), 'key');
	expect(more).toEqual([]);
	const bytes = JSON.stringify(post!.body).length;
	// Teams takes 28 kB, PagerDuty 512 kB, and Slack cuts a text off at 40,000 characters
	expect(bytes).toBeLessThan({ teams: 28_000, slack: 40_000, pagerduty: 512_000 }[type] ?? Infinity);
	if (type === 'slack' || type === 'teams') expect(JSON.stringify(post!.body)).toContain('and 290 more: tenant-with');
});
