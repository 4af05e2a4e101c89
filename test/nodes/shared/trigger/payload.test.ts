/** The filters of the AuditAPI trigger find what the service's own search and filter find. */
import { payloadMatcher, type PayloadFilters } from '../../../../nodes/shared/trigger/payload';
import { AuditApiTrigger } from '../../../../nodes/AuditApi/AuditApiTrigger.node';
import type { SourceEvent } from '../../../../core/contract';
import { auditApiEvent } from '../../../../sandbox/auditapi/events';
import { equals, finds } from '../../../../sandbox/auditapi/search';
import { poller } from '../../support/poller';
import { createWorld } from '../../support/world';

const PAYLOADS = [
	{ action: 'account.updated', account_id: 1234, by: { name: 'Ada Lovelace', admin: true } },
	{ action: 'account.deleted', account_id: '1234', notes: ['user upgraded account', null, { deep: 'a+b' }] },
	{ action: 'user.login', account_id: 12345, score: 1.5 },
	{},
];

const matching = (filters: PayloadFilters) =>
	PAYLOADS.map((payload) => payloadMatcher(filters)({ json: { payload } } as unknown as SourceEvent));

it.each([
	'account.*',
	'"user upgraded"',
	'ACCOUNT.updated',
	'ada',
	'account.* true',
	'12*',
	'a+b',
	'account',
	'',
	'nothing',
])('searches for %s as the service does', (query) => {
	const service = PAYLOADS.map((payload) => finds(query)(JSON.stringify(payload)));
	expect(matching({ query })).toEqual(service);
});

it.each([
	['account_id', '1234'],
	['account_id', 1234],
	['score', '1.5'],
	['action', 'user.login'],
	['missing', 'x'],
])('takes the field %s with the value %s as the service does', (key, value) => {
	const service = PAYLOADS.map((payload) => equals(`${key}:${value}`)!(JSON.stringify(payload)));
	expect(matching({ payloadField: { field: { key, value } } })).toEqual(service);
});

it('starts the workflow with what is asked for, and loses nothing when that changes', async () => {
	const world = createWorld();
	const trigger = poller(world, new AuditApiTrigger(), {
		filters: { query: 'account.*', payloadField: { field: { key: 'account_id', value: '1234' } } },
	});
	await trigger.poll();
	const add = (id: string, payload: Record<string, unknown>) =>
		world.logs.auditapi.add(auditApiEvent({ id, at: world.clock.now() * 1000, payload }));
	add('wanted', PAYLOADS[0]!);
	add('of-another-account', { ...PAYLOADS[0], account_id: 9 });
	add('not-found', PAYLOADS[2]!);
	world.clock.advance(60_000);
	expect(await trigger.ids()).toEqual(['wanted']);
	add('login', PAYLOADS[2]!);
	trigger.parameters = { filters: { query: 'login*' } };
	add('wanted-now', { action: 'login.failed' });
	world.clock.advance(60_000);
	expect(await trigger.ids()).toEqual(['wanted-now']);
});
