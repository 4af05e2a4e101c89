/** Who may look, and who may change something. */
import { authorized, changing } from '../../../../forwarder/server/http/authorized';
import { networkDoor } from '../../../../forwarder/server/http/doors';
import { plainReply, type Asked } from '../../../../forwarder/server/http/exchange';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

const done = () => plainReply(200, 'done');
const asked = (change: Partial<Asked>) => ({ method: 'POST', authority: 'full', headers: {}, ...change }) as Asked;
const json = { 'content-type': 'application/json; charset=utf-8' };

test('who may only look is told how to do more', () => {
	expect(() => authorized(done)(asked({ authority: 'read' }))).toThrow('whoever asks here may only look');
	expect(authorized(done)(asked({}))).toEqual(done());
});

test('a change needs a body that is called JSON, which no form can send; taking something away needs none', () => {
	expect(changing(done)(asked({ headers: json }))).toEqual(done());
	expect(changing(done)(asked({ method: 'DELETE' }))).toEqual(done());
	for (const type of [
		'text/plain',
		'application/x-www-form-urlencoded',
		'multipart/form-data; boundary=application/json',
	])
		expect(() => changing(done)(asked({ headers: { 'content-type': type } }))).toThrow('is not called JSON');
	expect(() => changing(done)(asked({}))).toThrow('is not called JSON');
});

test('a page of another origin changes nothing, also with JSON', () => {
	expect(() => changing(done)(asked({ headers: json, isForeign: true }))).toThrow('a page of another origin asks');
});

describe('whose page it is', () => {
	const door = networkDoor(['relay.example.com'], undefined, '127.0.0.1');
	const isForeign = async (headers: IncomingHttpHeaders) =>
		(await door({ headers: { host: 'localhost:9464', ...headers } } as IncomingMessage, false)).isForeign ?? false;

	test.each<[string, IncomingHttpHeaders]>([
		['no browser at all', {}],
		['the console', { origin: 'http://localhost:9464', 'sec-fetch-site': 'same-origin' }],
		['the console behind a proxy', { origin: 'https://relay.example.com', 'sec-fetch-site': 'same-origin' }],
		['an address that was typed', { 'sec-fetch-site': 'none' }],
	])('ours: %s', async (_who, headers) => {
		expect(await isForeign(headers)).toBe(false);
	});

	test.each<[string, IncomingHttpHeaders]>([
		['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
		['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
		['another program at the address it listens at', { origin: 'http://127.0.0.1:3000' }],
		['an old browser, by its origin alone', { origin: 'https://evil.example' }],
		['a sandboxed frame', { origin: 'null' }],
		['one without origin', { 'sec-fetch-site': 'cross-site' }],
		['a name that only ends like ours', { origin: 'https://notrelay.example.com' }],
	])('foreign: %s', async (_who, headers) => {
		expect(await isForeign(headers)).toBe(true);
	});
});

test('a name cannot change what stands beside it, in a log or a terminal, nor fill it', async () => {
	const request = { headers: { host: 'localhost' } } as IncomingMessage;
	const nameFrom = async (name: string) => (await networkDoor([], async () => name)(request, false)).by;
	expect(await nameFrom('Zoë Müller')).toBe('Zoë Müller');
	expect(await nameFrom('eve\n\u001b[2J\u202ereset\u2028')).toBe('eve[2Jreset');
	expect(await nameFrom('x'.repeat(1000))).toHaveLength(200);
});
