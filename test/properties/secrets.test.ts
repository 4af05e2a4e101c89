/** I14: keys that a provider and a receiver repeat in their answers appear nowhere that anything is written to. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { tokensFor } from '../../forwarder/cli/tokens';
import { createLog } from '../../forwarder/cli/log';
import type { SourceConfig } from '../../forwarder/config/types';
import { httpTransport } from '../../forwarder/http/httpTransport';
import { createPoller } from '../../forwarder/run/poller';
import { createDelivery } from '../../forwarder/delivery/delivery';
import { createDestination } from '../../forwarder/export/destination';
import { createEncoder } from '../../forwarder/records/records';
import { openStore } from '../../forwarder/store/sqlite/store';
import type { Clock } from '../../core/contract';
import { createDomain } from '../../core/http/politeness';
import { renewing } from '../../core/http/renewing';
import { translated } from '../../core/http/translated';
import type { Provider } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { readingJson } from '../../core/http/readJson';
import { fromMillis } from '../../core/time';
import { auditApi } from '../../providers/auditapi/provider';
import { arpio } from '../../providers/arpio/provider';
import { declaredProvider } from '../../providers/declared/provider';
import { property } from './tools/check';
import { scratch } from './tools/folder';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

const declaration: Declaration = {
	name: 'acme',
	title: 'Acme',
	baseUrl: 'https://audit.test',
	auth: { kind: 'header', scheme: 'Bearer' },
	request: { path: '/events', query: { since: '{from}' } },
	bounds: { format: 'iso-ms', upper: 'none' },
	order: 'oldest',
	list: { at: 'data' },
	page: { kind: 'cursor', at: 'next', into: 'cursor' },
	event: { id: 'id', time: 'timestamp' },
	limits: { perMinute: 60, limited: [429, 403] },
	lateness: '1m',
	record: { action: 'id', attributes: {} },
};
const kinds = {
	arpio: () => arpio,
	auditapi: () => auditApi,
	key: () => declaredProvider(declaration),
	/** Its secret buys a token, which the API repeats as gladly. */
	token: (base: string) =>
		declaredProvider({
			...declaration,
			auth: { kind: 'clientCredentials', tokenUrl: `${base}/token`, scope: 'audit' },
		}),
} satisfies Record<string, (base: string) => Provider>;

const tokenOf = (secret: string) => `token-${secret.slice(0, 12)}`;

const NOW = Date.parse('2026-02-11T16:00:00Z');

/** How a server may repeat what it was sent. */
const echoes: ((secret: string) => string)[] = [
	(secret) => JSON.stringify({ error: `Unknown key ${secret}` }),
	(secret) => JSON.stringify({ message: `Authorization: Bearer ${secret} was refused` }),
	(secret) => JSON.stringify({ errors: { [secret]: ['is not a key'] } }),
	(secret) => JSON.stringify({ error: { message: secret, type: secret }, param: secret, required: secret }),
	(secret) => `<html><head><title>Key ${secret}</title></head><body>${secret}</body></html>`,
	(secret) => `${'x'.repeat(480)} ${secret}`,
	(secret) => secret,
];

const letters = fc.constantFrom(...'0123456789abcdefABCDEF_-');
const secret = fc.string({ unit: letters, minLength: 16, maxLength: 40 }).map((text) => `k${text}`);
const answer = fc.record({
	status: fc.constantFrom(200, 400, 401, 403, 404, 413, 422, 500),
	echo: fc.nat(echoes.length - 1),
});

let server: Server;
let respond: (path: string) => { status: number; body: string };

beforeAll(async () => {
	server = createServer((request, response) => {
		request.resume().on('end', () => {
			const { status, body } = respond(request.url ?? '');
			response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' });
			response.end(body);
		});
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => new Promise((closed) => server.close(closed)));

property(
	'I14: no key in logs, errors, state or dead letters',
	fc.record({
		kind: fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
		secrets: fc.tuple(secret, secret).filter(([a, b]) => a !== b),
		provided: fc.array(answer, { minLength: 1, maxLength: 3 }),
		received: fc.array(answer, { minLength: 1, maxLength: 3 }),
	}),
	async ({ kind, secrets: [providerKey, receiverKey], provided, received }) => {
		let written = '';
		let now = NOW;
		const clock: Clock = {
			now: () => now,
			sleep: (ms) => new Promise((done) => setImmediate(() => done(void (now += ms)))),
		};
		const log = createLog({ stderr: { write: (text: string) => void (written += text) }, env: {}, clock } as never, {
			level: 'debug',
			json: true,
		});
		const tell = (what: unknown) => {
			const error = what instanceof Error ? what : undefined;
			log.error({ err: error, what: error ? undefined : what }, 'told');
			written += inspect(what, { depth: Infinity, showHidden: true });
		};
		const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const provider = kinds[kind](base);
		const apiKey = kind === 'arpio' ? `id${providerKey}:${providerKey}` : providerKey;
		const [fromProvider, fromReceiver] = [[...provided], [...received]];
		const event = '{"id":"e","eventId":"e","timestamp":"2026-02-11T15:59:59Z","payload":{}}';
		respond = (path) => {
			const isReceiver = path.includes('/v1/logs');
			const next = (isReceiver ? fromReceiver : fromProvider).shift();
			const isToken = path.includes('/token');
			const said = kind === 'token' ? tokenOf(providerKey) : providerKey;
			// what the secret buys, unless that fails as well
			if (isToken && (next === undefined || next.status === 200))
				return { status: 200, body: JSON.stringify({ access_token: tokenOf(providerKey), expires_in: 2 }) };
			if (next)
				return {
					status: next.status,
					body: echoes[next.echo]!(isReceiver ? receiverKey : isToken ? providerKey : said),
				};
			return { status: 200, body: isReceiver ? '' : `{"data":[${event}],"has_more":false}` };
		};
		const folder = scratch();
		const store = openStore(folder.path, { maxOutboxSize: 1e9, now: clock.now });
		const keys = { apiKey, clientSecret: providerKey };
		const settings = { accountId: 'a', clientId: 'c' };
		const asked = { provider, settings } as unknown as SourceConfig;
		const tokens = tokensFor(createDomain({ clock }), asked, { clock, env: {} });
		const sent = httpTransport({
			baseUrl: base,
			headers: async () => tokens?.authorize(keys) ?? provider.authorize(keys),
			proxyEnv: {},
		});
		const transport = translated(renewing(sent, tokens), provider, clock);
		const poller = createPoller({
			config: {
				start: fromMillis(NOW - 60_000),
				latenessMs: 1000,
				pollIntervalMs: 1000,
				redact: [],
			} as unknown as SourceConfig,
			provider,
			source: provider.source(readingJson(transport, clock), settings, { pageSize: 10 }, door),
			store: streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] }),
			clock,
			random: () => 0.5,
			note: (error) => store.notePoll('s', error),
			report: { pollFailed: tell, progress: tell },
		});
		const destination = createDestination(
			{
				name: 'siem',
				endpoint: `${base}/v1/logs`,
				headers: () => ({ authorization: `Bearer ${receiverKey}` }),
				compression: 'none',
				timeoutMs: 5000,
				lenientResponse: false,
				inFlight: 1,
			},
			{ clock, version: '1', env: {} },
		);
		const delivery = createDelivery({
			destination: 'siem',
			outbox: store.outbox('siem'),
			encode: createEncoder({ version: '1', origin: () => ({ provider, tenant: 't' }) }),
			send: (items, signal) => destination.send(items, signal),
			clock,
			random: () => 0.5,
			report: tell,
		});
		try {
			const { signal } = new AbortController();
			for (let n = 0; n < 4; n++) tell(await poller.once(signal));
			for (let n = 0; n < 4; n++) tell(await delivery.drain(signal));
			tell([delivery.status(), store.summary()]);
			for (const name of readdirSync(dirname(folder.path))) {
				written += readFileSync(join(dirname(folder.path), name), 'latin1');
			}
			expect(written).toContain('told');
			for (const secret of [providerKey, receiverKey, ...(tokens ? [tokenOf(providerKey)] : [])])
				expect(written.includes(secret)).toBe(false);
		} finally {
			await destination.close();
			await store.close();
			folder.remove();
		}
	},
	0.5,
);
