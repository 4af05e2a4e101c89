import { createEventReader } from '../../../forwarder/console/api/events';

function read(...pieces: string[]): string[] {
	return named(...pieces).map(([data]) => data);
}

function named(...pieces: string[]): [data: string, event: string][] {
	const told: [string, string][] = [];
	const reader = createEventReader((data, event) => told.push([data, event]));
	pieces.forEach(reader);
	return told;
}

test('an event is told when it is whole, however the connection cuts it', () => {
	expect(read('data: {"a"', ':1}\n', '\ndata: 2\n\nda', 'ta: 3')).toEqual(['{"a":1}', '2']);
});

test('a comment keeps the connection alive and says nothing', () => {
	expect(read(': still here\n\n', 'data: 1\n\n')).toEqual(['1']);
});

test('lines of one event belong together', () => {
	expect(read('data: 1\ndata: 2\n\n')).toEqual(['1\n2']);
});

test('it says which kind of event it is', () => {
	expect(named('event: refused\ndata: 1\n\ndata: 2\n\n')).toEqual([
		['1', 'refused'],
		['2', 'message'],
	]);
});
