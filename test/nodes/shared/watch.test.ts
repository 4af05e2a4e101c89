import { matcher, type Preset, type Watch } from '../../../nodes/shared/trigger/watch';
import { providers } from '../../../providers/registry';
import { arcusEntries, arpioEvents } from '../../../sandbox/fixtures';
import type { SourceEvent } from '../../../core/contract';

const event = (raw: string): SourceEvent => ({ id: 'id', time: 0n, raw, json: JSON.parse(raw) as SourceEvent['json'] });
const arcus = arcusEntries.map(event);

const actions = (filters: Watch['filters'], presets: Preset[] = ['everything']) =>
	arcus.filter(matcher(providers['arcus-erp'], { presets, filters })).map(({ json }) => json.action);

it.each([
	['order.*', ['order.created', 'order.updated']],
	['ORDER.CREATED', ['order.created']],
	['order', []],
	['*role*', ['user.role_changed']],
	['order.(created|updated)', []],
	[' ', arcus.map(({ json }) => json.action)],
])('takes %j as a pattern of actions', (action, wanted) => {
	expect(actions({ action }).sort()).toEqual([...wanted].sort());
});

it('finds what an actor did by ID, name or email', () => {
	const { actor } = arcus
		.map(({ json }) => json as { actor: Record<string, string> })
		.find((json) => json.actor?.email)!;
	const byId = actions({ actor: actor.id });
	expect(byId.length).toBeGreaterThan(0);
	for (const name of [actor.label, actor.email, ` ${actor.name} `]) expect(actions({ actor: name })).toEqual(byId);
	expect(actions({ actor: 'nobody' })).toEqual([]);
	// as an expression may give it
	expect(actions({ actor: 42 })).toEqual([]);
	expect(actions({ action: 42 })).toEqual([]);
});

it('finds what was done to a target by ID, name or type, and to any of several', () => {
	expect(actions({ target: 'order' }).sort()).toEqual(['order.created', 'order.updated']);
	expect(actions({ target: 'SO-001042' }).sort()).toEqual(['order.created', 'order.updated']);
	const arpio = arpioEvents.map(event).filter(({ json }) => Array.isArray(json.resources) && json.resources.length > 1);
	const account = matcher(providers.arpio, { presets: ['everything'], filters: { target: 'q7RkT2mZpX0vLd9sYbNc4H' } });
	expect(arpio.filter(account).length).toBeGreaterThan(0);
	const picked = { __rl: true, mode: 'list', value: 'Zt5wQe8rUy1iOp3aSd6fGh' };
	const listed = matcher(providers.arpio, { presets: ['everything'], filters: { target: picked } });
	expect(arpio.filter(listed).length).toBeGreaterThan(0);
});

it('adds presets and narrows by severity', () => {
	const both = actions({}, ['failover', 'deletions']);
	expect(both.sort()).toEqual(['product.deleted', 'system.failover_completed', 'system.failover_started']);
	expect(actions({ minimumSeverity: 21 }, ['failover', 'deletions']).length).toBeLessThan(both.length);
	expect(actions({}, [])).toEqual([]);
});

it('never starts itself by reading the log', () => {
	const own = event(arpioEvents[0]!);
	own.json.type = 'getAuditEvents';
	own.json.access = 'read';
	expect(matcher(providers.arpio, { presets: ['everything'], filters: {} })(own)).toBe(false);
});
