import { arcusEntityId, arcusSandboxKey } from '../../../sandbox/arcus/keys';
import { asker } from '../support';
import { list, setup } from './support';

describe('Arcus: access', () => {
	it('wants a Bearer key', () => {
		const reply = asker(setup().api, {})(list);
		expect(reply.status).toBe(401);
		expect(reply.data).toMatchObject({ error: 'missing_api_key', code: 'missing_api_key', type: 'permission_error' });
	});

	it('names the missing scope', () => {
		const { ask } = setup({}, { keys: [{ key: 'k', scopes: ['orders:read'], tier: 'test' }] });
		expect(ask(list)).toMatchObject({ status: 403, data: { error: 'insufficient_scope', required: 'audit:read' } });
	});

	it('shows audit:read:own only its own entries', () => {
		const actorId = '4f2e5bf9-6788-4355-b3ab-8b1da5d7e1c1';
		const { ask } = setup({}, { keys: [{ key: 'k', scopes: ['audit:read:own'], tier: 'test', actorId }] });
		const own = ask(list).data['data'] as { actor: { id: string } }[];
		expect(own.length).toBeGreaterThan(0);
		expect(new Set(own.map((entry) => entry.actor.id))).toEqual(new Set([actorId]));
		expect(ask(`${list}/75de240b-9af5-4c5b-a249-0219e964edb7`).status).toBe(404);
	});

	it('refuses an address that is not on the list', () => {
		const { ask } = setup({}, { keys: [{ ...arcusSandboxKey, addressRefused: true }] });
		expect(ask(list)).toMatchObject({ status: 403, data: { error: 'ip_not_allowlisted' } });
	});

	it('has flat paths, entity paths, or both', () => {
		const inEntity = `/v1/entities/${arcusEntityId}/audit_log_entries`;
		const both = (paths: 'flat' | 'entity' | 'both') =>
			[list, inEntity].map((path) => setup({ paths }).ask(path).status);
		expect([both('flat'), both('entity'), both('both')]).toEqual([
			[200, 404],
			[404, 200],
			[200, 200],
		]);
		expect(setup({ paths: 'entity' }).ask('/v1/entities/other/audit_log_entries').status).toBe(403);
		expect(setup({ paths: 'entity' }).ask(inEntity).data['url']).toBe(inEntity);
	});

	it('answers 405 to POST on the feeds', () => {
		const { ask } = setup();
		expect(ask('/v1/activity', { method: 'POST' }).status).toBe(405);
		expect(ask(list, { method: 'POST' }).status).toBe(405);
	});
});
