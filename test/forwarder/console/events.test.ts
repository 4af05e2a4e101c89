import { createEventReader } from '../../../forwarder/console/api/events';

function read(...pieces: string[]): string[] {
	const told: string[] = [];
	const reader = createEventReader((data) => told.push(data));
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
