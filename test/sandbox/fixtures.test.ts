/** The simulated APIs give the replies that the fixtures hold. */
import activity from '../../sandbox/fixtures/arcus-activity-events.json';
import entry from '../../sandbox/fixtures/arcus-audit-log-entry.json';
import page1 from '../../sandbox/fixtures/arcus-audit-log-entries.json';
import page2 from '../../sandbox/fixtures/arcus-audit-log-entries-page2.json';
import unexpanded from '../../sandbox/fixtures/arcus-audit-log-entries-unexpanded.json';
import stats from '../../sandbox/fixtures/arcus-audit-stats.json';
import verified from '../../sandbox/fixtures/arcus-audit-verify-ok.json';
import bareArray from '../../sandbox/fixtures/arpio-audit-events-bare-array.json';
import lastPage from '../../sandbox/fixtures/arpio-audit-events-last-page.json';
import retrieved from '../../sandbox/fixtures/auditapi-event.json';
import older from '../../sandbox/fixtures/auditapi-events-page2.json';
import searched from '../../sandbox/fixtures/auditapi-events-search.json';
import { arcusApi, type ArcusOptions } from '../../sandbox/arcus/api';
import { arcusSandboxKey } from '../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey } from '../../sandbox/arpio/api';
import { arpioAccountId } from '../../sandbox/arpio/events';
import { auditApi, auditApiSandboxKey } from '../../sandbox/auditapi/api';
import { seededLogs } from '../../sandbox/seed';
import { asker, testClock } from './support';

const clock = testClock();
const logs = seededLogs();
const askArcus = (url: string, switches: ArcusOptions['switches'] = {}, body?: string) =>
	asker(arcusApi({ clock, log: logs.arcus, switches }), { Authorization: `Bearer ${arcusSandboxKey.key}` })(
		`/v1/${url}`,
		body === undefined ? {} : { method: 'POST', body },
	).data;
const askAuditApi = (url: string) =>
	asker(auditApi({ clock, log: logs.auditapi }), { Authorization: `Bearer ${auditApiSandboxKey}` })(`/v1/${url}`).data;

const expand = 'expand[]=data.actor&expand[]=data.diff&expand[]=data.chain';

describe('replies agree with the fixtures', () => {
	it('Arpio, last page and vendor sample', () => {
		const ask = (switches: object) =>
			asker(arpioApi({ clock, log: logs.arpio, switches }), {
				'X-Api-Key': `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`,
			});
		const path = `/api/accounts/${arpioAccountId}/auditEvents`;
		const from = lastPage.events[0]!.timestamp;
		expect(ask({ lastToken: 'null' })(`${path}?timestampStart=${from}`).data).toEqual(lastPage);
		const newestFirst = ask({ envelope: 'array', order: 'descending' })(path).data as unknown as { eventId: string }[];
		const known = new Set(bareArray.map(({ eventId }) => eventId));
		expect(newestFirst.filter(({ eventId }) => known.has(eventId))).toEqual(bareArray);
	});

	it('Arcus, both pages', () => {
		expect(askArcus(`audit_log_entries?limit=13&${expand}`)).toEqual(page1);
		expect(askArcus(`audit_log_entries?limit=13&${expand}&starting_after=${page1.next_cursor}`)).toEqual(page2);
	});

	it('Arcus, without expand', () => {
		const limit = unexpanded.data.length;
		// the expanded fixture, which the sandbox serves, lacks some optional keys on purpose
		expect(unexpanded).toMatchObject(askArcus(`audit_log_entries?limit=${limit}`, { totalCount: 'absent' }));
	});

	it('Arcus, entry, stats, verdict and activity', () => {
		expect(askArcus(`audit_log_entries/${entry.id}?${expand.replaceAll('data.', '')}`)).toEqual(entry);
		expect(askArcus('audit_log_entries/stats')).toEqual(stats);
		expect(askArcus('audit_log_entries/verify', {}, '{}')).toEqual(verified);
		const feed = askArcus('activity?limit=100')['data'] as { id: string }[];
		const known = new Set(activity.data.map(({ id }) => id));
		expect(feed.filter(({ id }) => known.has(id))).toEqual(activity.data);
	});

	it('AuditAPI, second page, search and event', () => {
		expect(askAuditApi(`events?limit=14&starting_after=5e380f9b-9802-4c97-b428-5d675fa2f4b2`)).toEqual(older);
		expect(askAuditApi('events/search?query=dr.failover*')).toEqual(searched);
		expect(askAuditApi(`events/${retrieved.id}`)).toEqual(retrieved);
	});
});
