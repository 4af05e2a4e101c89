import { complete } from '../../../core/record/attributes';
import type { JsonObject } from '../../../core/contract';
import type { RecordPart } from '../../../providers/declared/form/event';
import { recordMaker, type RecordCode } from '../../../providers/declared/record';

const mapped = (json: JsonObject, record: Partial<RecordPart>, code?: RecordCode) => {
	const event = { id: '1', time: 0n, raw: JSON.stringify(json), json };
	return complete(recordMaker({ name: 'acme', record: { attributes: {}, action: 'did', ...record } }, code)(event));
};

describe('category and alert', () => {
	const rules: RecordPart['rules'] = [
		{ category: 'failover', alert: 'page', words: ['recovery'], without: ['point', 'password'] },
		{ category: 'access', words: ['api', 'web'], with: ['key', 'keys'] },
		{ category: 'access', alert: 'notify', failed: true, words: ['login'] },
		{ category: 'data', words: ['point', 'api', 'login'] },
	];

	it.each([
		['recovery.started', 'failover', 'page'],
		['recovery_point.created', 'data', 'none'],
		['password.recovery', 'other', 'none'],
		['webKeys', 'access', 'none'],
		['api.called', 'data', 'none'],
		['key.made', 'other', 'none'],
		['login', 'data', 'none'],
	])('of %s: %s, %s', (did, category, alert) => {
		expect(mapped({ did }, { rules }).attributes).toMatchObject({ 'audit.category': category, 'audit.alert': alert });
	});

	it('may depend on whether the event failed', () => {
		const { attributes } = mapped({ did: 'login', ok: 'no' }, { rules, failed: [{ at: 'ok', in: ['no'] }] });
		expect(attributes).toMatchObject({ 'audit.category': 'access', 'audit.alert': 'notify' });
	});
});

describe('the name of the event', () => {
	it.each([
		['Add member to role', 'joined', 'acme.add_member_to_role'],
		['Add member to role', 'exact', 'acme.event'],
		['Member.Added', 'exact', 'acme.member.added'],
		['x'.repeat(102), 'exact', 'acme.event'],
		[undefined, 'exact', 'acme.event'],
	] as const)('of %s, %s, is %s', (did, eventName, expected) => {
		expect(mapped({ did }, { eventName }).eventName).toBe(expected);
	});
});

describe('severity', () => {
	const record: Partial<RecordPart> = {
		failed: [{ at: 'ok', in: ['no'] }],
		severity: { at: 'level', words: { low: 'DEBUG4', Note: 'INFO2', worst: 'FATAL' } },
	};
	const numberOf = (json: JsonObject, failed?: string) =>
		mapped(json, { ...record, severity: { ...record.severity!, ...(failed && { failed }) } }).severityNumber;

	it.each([
		[{ level: 'low' }, 8],
		[{ level: 'note' }, 10],
		[{ level: 'worst' }, 21],
		[{ level: 'odd' }, 9],
		[{ level: 'odd', ok: 'no' }, 13],
		[{ level: 'low', ok: 'no' }, 8],
	])('of %j is %i', (json, number) => {
		expect(numberOf(json)).toBe(number);
	});

	it('of what failed is at least what is declared', () => {
		expect(numberOf({ level: 'low', ok: 'no' }, 'WARN')).toBe(13);
		expect(numberOf({ level: 'worst', ok: 'no' }, 'WARN')).toBe(21);
		expect(numberOf({ level: 'low' }, 'WARN')).toBe(8);
	});
});

describe('an id', () => {
	it('is text or a number: true is none, and the next place counts', () => {
		const attributes = { 'user.id': ['who', 'user.id'], 'acme.mfa': 'mfa' };
		const record = mapped({ who: true, user: { id: 7 }, mfa: true }, { attributes });
		expect(record.attributes).toMatchObject({ 'user.id': '7', 'acme.mfa': 'true' });
	});
});

describe('with code', () => {
	it('what code says of an event counts instead, and rules and alert go by it', () => {
		const rules: RecordPart['rules'] = [{ category: 'access', words: ['login'] }];
		const facts = () => ({ action: 'login', name: 'event', outcome: 'odd', failed: true, severity: 9 });
		const record = mapped({}, { rules }, { facts, meaning: (found) => ({ ...found, alert: 'page' }) });
		expect(record).toMatchObject({
			eventName: 'acme.event',
			severityNumber: 17,
			attributes: {
				'audit.action': 'login',
				'audit.outcome': 'odd',
				'audit.category': 'access',
				'audit.alert': 'page',
			},
		});
	});

	it('its attributes come beside the declared ones, and instead of them', () => {
		const code: RecordCode = {
			attributes: ({ type }, { 'audit.actor.id': id }) => ({
				'user.id': type === 'user' ? id : undefined,
				'error.type': undefined,
			}),
		};
		const record: Partial<RecordPart> = {
			failed: [{ at: 'ok', in: ['no'] }],
			attributes: { 'audit.actor.id': 'who' },
		};
		const { attributes } = mapped({ who: 'lee', type: 'user', ok: 'no' }, record, code);
		expect(attributes).toMatchObject({ 'audit.actor.id': 'lee', 'user.id': 'lee' });
		expect(attributes).not.toHaveProperty(['error.type']);
	});
});
