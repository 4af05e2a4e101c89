import { recordOf } from '../../../core/record/attributes';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { arcusErp } from '../../../providers/arcus-erp/provider';
import type { JsonObject, SourceEvent } from '../../../core/contract';
import { elementsOf } from '../../support/answer';
import { parseInstant } from '../../../core/time';
import expected from './records.json';

const fixture = (name: string) => readFileSync(join(__dirname, '../../../sandbox/fixtures', name), 'utf8');

function eventOf(raw: string): SourceEvent {
	const json = JSON.parse(raw) as JsonObject;
	return { id: String(json.id), time: parseInstant(json.created_at) ?? 0n, raw, json };
}

const entry = (fields: JsonObject) => recordOf(arcusErp, eventOf(JSON.stringify({ id: 'e1', ...fields })));

const texts = ['arcus-audit-log-entries.json', 'arcus-audit-log-entries-page2.json'].flatMap((name) =>
	elementsOf(fixture(name), 'data'),
);

describe('fixture entries', () => {
	it('are the 17 that are expected', () => {
		expect(texts).toHaveLength(17);
		expect(expected).toHaveLength(17);
	});

	it.each(texts.map((raw, index) => [expected[index]!.eventName, raw, expected[index]!] as const))(
		'%s maps field by field',
		(_name, raw, record) => {
			expect(recordOf(arcusErp, eventOf(raw))).toEqual({ ...record, body: raw });
		},
	);

	it('map without names, changes and chain when the list was not expanded', () => {
		const [raw] = elementsOf(fixture('arcus-audit-log-entries-unexpanded.json'), 'data');
		const { attributes } = recordOf(arcusErp, eventOf(raw!));
		expect(attributes['audit.actor.label']).toBe('Søren Ångström');
		expect(attributes).not.toHaveProperty(['user.full_name']);
		expect(attributes).not.toHaveProperty(['audit.chain.entry_hash']);
	});
});

describe('severity', () => {
	it.each([
		['info', 9, 'INFO'],
		['notice', 10, 'INFO'],
		['warning', 13, 'WARN'],
		['security', 14, 'WARN'],
		['critical', 18, 'ERROR'],
		['brand_new', 9, 'INFO'],
		[null, 9, 'INFO'],
	])('%s is %i', (severity, number, text) => {
		const record = entry({ action: 'order.updated', outcome: 'success', severity });
		expect([record.severityNumber, record.severityText]).toEqual([number, text]);
	});

	it.each(['failure', 'denied'])('is at least WARN on %s', (outcome) => {
		expect(entry({ action: 'order.updated', severity: 'info', outcome }).severityNumber).toBe(13);
	});

	it('is at least ERROR when an entry pages', () => {
		expect(entry({ action: 'system.failover_started', severity: 'info' }).severityNumber).toBe(17);
	});
});

describe('classification', () => {
	const classified = (action: string, fields: JsonObject = {}) => {
		const { attributes } = entry({ action, outcome: 'success', severity: 'info', ...fields });
		return [attributes['audit.category'], attributes['audit.alert']];
	};

	it.each([
		['system.failover_started', 'failover', 'page'],
		['region.outage_detected', 'failover', 'page'],
		['disaster_recovery.launched', 'failover', 'page'],
		['system.failback_completed', 'failback', 'page'],
		['dr_test.started', 'dr_test', 'notify'],
		['file.quarantine', 'quarantine', 'notify'],
		['export.created', 'data', 'notify'],
		['accounting_period.reopened', 'config', 'notify'],
		['journal_entry.voided', 'data', 'notify'],
		['journal_entry.posted', 'data', 'none'],
		['settings.updated', 'config', 'none'],
		['order.viewed', 'read', 'none'],
		['something.new', 'other', 'none'],
		['user.password_recovery_requested', 'access', 'none'],
		['recovery_point.created', 'other', 'none'],
		['failovers.listed', 'read', 'none'],
	])('%s is %s, %s', (action, category, alert) => {
		expect(classified(action)).toEqual([category, alert]);
	});

	it('hears of a privilege grant only with severity security', () => {
		expect(classified('role.assigned', { severity: 'security' })).toEqual(['access', 'notify']);
		expect(classified('role.assigned')).toEqual(['access', 'none']);
		expect(classified('role.removed', { severity: 'security' })).toEqual(['access', 'none']);
		expect(classified('webhook_secret.created', { severity: 'security' })).toEqual(['access', 'notify']);
	});

	it('hears of a grave failure in every category', () => {
		expect(classified('order.deleted', { severity: 'critical', outcome: 'failure' })).toEqual(['data', 'notify']);
		expect(classified('order.deleted', { severity: 'warning', outcome: 'failure' })).toEqual(['data', 'none']);
	});
});

describe('odd entries', () => {
	it('keep free text out of the event name and upper case out of both', () => {
		expect(entry({ action: 'Order.Updated' }).eventName).toBe('arcus.order.updated');
		expect(entry({ action: 'the order was updated' }).eventName).toBe('arcus.event');
		expect(entry({}).eventName).toBe('arcus.event');
	});

	it('say that the outcome is unknown when there is none', () => {
		expect(entry({}).attributes['audit.outcome']).toBe('unknown');
	});

	it('name the error of a failure without a code', () => {
		expect(entry({ outcome: 'failure' }).attributes['error.type']).toBe('_OTHER');
		expect(entry({ outcome: 'success', error_code: 'x' }).attributes).not.toHaveProperty(['error.type']);
	});

	it('keep all digits of a numeric id', () => {
		const raw = '{"id":"e1","actor":{"type":"user","id":9007199254740993}}';
		const { attributes } = recordOf(arcusErp, eventOf(raw));
		expect(attributes['audit.actor.id']).toBe('9007199254740993');
		expect(attributes['user.id']).toBe('9007199254740993');
	});

	it('never throw and never give an attribute another type, whatever the fields hold', () => {
		const fields = [
			'actor',
			'resource',
			'action',
			'severity',
			'outcome',
			'_chain',
			'entity_id',
			'ip_address',
			'error_code',
		];
		const json = fc.record(Object.fromEntries(fields.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
		fc.assert(
			fc.property(json, (given) => {
				const { attributes } = entry(given as JsonObject);
				for (const value of Object.values(attributes)) expect(typeof value).toBe('string');
			}),
		);
	});
});

describe('self-noise', () => {
	it('is what an API key did to read the audit log', () => {
		const actor = { type: 'api_key' };
		expect(arcusErp.isSelfNoise({ action: 'audit_log.verified', actor })).toBe(true);
		expect(arcusErp.isSelfNoise({ action: 'audit_log.verified', actor: { type: 'user' } })).toBe(false);
		expect(arcusErp.isSelfNoise({ action: 'order.created', actor })).toBe(false);
		expect(arcusErp.isSelfNoise({ action: 7, actor: null })).toBe(false);
	});
});
