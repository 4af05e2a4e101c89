import { type Asked } from '../support';
import { list, all, setup, found } from './support';

describe('Arcus: expand', () => {
	const first = (reply: Asked) => (reply.data['data'] as Record<string, unknown>[])[0]!;

	it('leaves out what was not asked for', () => {
		const plain = first(setup().ask(list));
		for (const key of ['before_state', 'after_state', 'diff', '_chain']) expect(plain).not.toHaveProperty(key);
		expect(plain['actor']).not.toHaveProperty('email');
		const chained = first(setup().ask(`${list}?expand%5B%5D=data.chain`));
		expect(chained).toHaveProperty('_chain.prev_hash');
		expect(chained).not.toHaveProperty('diff');
	});

	it.each([
		['expand[]=diff', 'invalid_expand_list_requires_data_prefix'],
		['expand[]=data.nope', 'invalid_expand_unknown_field'],
		['expand[]=data.a.b.c.d', 'invalid_expand_too_deep'],
		[Array(11).fill('expand[]=data.diff').join('&'), 'invalid_expand_too_many_paths'],
	])('refuses %s', (query, error) =>
		expect(setup().ask(`${list}?${query}`)).toMatchObject({ status: 400, data: { type: 'expand_error', error } }),
	);

	it('can refuse every expand on the list and still take it on an entry', () => {
		const { ask } = setup({ listExpand: 'rejected' });
		expect(ask(`${list}?expand[]=data.diff`)).toMatchObject({ status: 400, data: { type: 'expand_error' } });
		const id = found(ask(`${list}?limit=1`))[0]!;
		expect(ask(`${list}/${id}?expand[]=diff`).data).toHaveProperty('diff');
		expect(ask(`${list}/${id}?expand[]=data.diff`).status).toBe(400);
	});

	it('can hide the chain and want another scope', () => {
		expect(first(setup({ chain: 'hidden' }).ask(`${list}?${all}`))).not.toHaveProperty('_chain');
		const scoped = setup({ expandScopes: { actor: 'users:read' } });
		expect(scoped.ask(`${list}?expand[]=data.actor`)).toMatchObject({ status: 403, data: { required: 'users:read' } });
	});

	it('hydrates the first rows only and says so', () => {
		const reply = setup({ hydrationLimit: 2, hydrationPaths: ['actor'] }).ask(`${list}?${all}`);
		const rows = reply.data['data'] as { actor: object; diff: unknown }[];
		expect([rows[1]!.actor, rows[2]!.actor].map((actor) => 'email' in actor)).toEqual([true, false]);
		expect(rows[2]).toHaveProperty('diff');
		expect(reply.data['truncated']).toBe(true);
	});
});
