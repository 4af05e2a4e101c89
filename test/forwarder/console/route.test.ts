import { destinationHash, hashOf, orderOf, routeOf, sourceHash } from '../../../forwarder/console/route';

const plain = { q: '', state: '', sort: '', order: '' } as const;

test('no address is the overview, with problems first', () => {
	for (const hash of ['', '#', '#/']) expect(routeOf(hash)).toEqual({ view: 'overview', query: plain });
	expect(hashOf(plain)).toBe('#/');
});

test('what is looked for in the overview survives in its address', () => {
	const query = { q: 'a&b =ü', state: 'failing', sort: 'lag', order: 'asc' } as const;
	expect(routeOf(hashOf(query))).toEqual({ view: 'overview', query });
});

test.each(['dr', 'tenant/7', 'what?', '100 %', 'ü#'])('%s has pages of its own', (name) => {
	expect(routeOf(sourceHash(name))).toEqual({ view: 'source', name });
	expect(routeOf(destinationHash(name))).toEqual({ view: 'destination', name });
});

test.each(['#/sources', '#/sources/', '#/sources/a/b', '#/x'])('there is nothing at %s', (hash) => {
	expect(routeOf(hash)).toEqual({ view: 'unknown' });
});

test('an address that somebody typed is read as far as it goes', () => {
	expect(routeOf('#/sources/100%')).toEqual({ view: 'source', name: '100%' });
	expect(routeOf('#/?order=up&sort=lag')).toEqual({ view: 'overview', query: { ...plain, sort: 'lag' } });
});

test('names go by the alphabet, of everything else the worst comes first, until somebody turns it round', () => {
	expect(orderOf({ ...plain, sort: 'name' })).toBe('asc');
	expect(orderOf({ ...plain, sort: 'lag' })).toBe('desc');
	expect(orderOf({ ...plain, sort: 'lag', order: 'asc' })).toBe('asc');
});
