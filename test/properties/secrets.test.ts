/** I14: keys that a provider and a receiver repeat in their answers appear nowhere that anything is written to. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { createLog } from '../../forwarder/cli/log';
import type { SourceConfig } from '../../forwarder/config/types';
import { httpTransport } from '../../forwarder/http/httpTransport';
import { createPoller } from '../../forwarder/run/poller';
import { createDelivery } from '../../forwarder/delivery/delivery';
import { createDestination } from '../../forwarder/export/destination';
import { createEncoder } from '../../forwarder/records/records';
import { openStore } from '../../forwarder/store/sqlite/store';
import type { Clock } from '../../core/contract';
import { readingJson } from '../../core/http/readJson';
import { fromMillis } from '../../core/time';
import { auditApi } from '../../providers/auditapi/provider';
import { arpio } from '../../providers/arpio/provider';
import { property } from './tools/check';
import { scratch } from './tools/folder';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

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
		provider: fc.constantFrom(arpio, auditApi),
		secrets: fc.tuple(secret, secret).filter(([a, b]) => a !== b),
		provided: fc.array(answer, { minLength: 1, maxLength: 3 }),
		received: fc.array(answer, { minLength: 1, maxLength: 3 }),
	}),
	async ({ provider, secrets: [providerKey, receiverKey], provided, received }) => {
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
		const apiKey = provider === arpio ? `id${providerKey}:${providerKey}` : providerKey;
		const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const [fromProvider, fromReceiver] = [[...provided], [...received]];
		const event = '{"id":"e","eventId":"e","timestamp":"2026-02-11T15:59:59Z","payload":{}}';
		respond = (path) => {
			const isReceiver = path.includes('/v1/logs');
			const next = (isReceiver ? fromReceiver : fromProvider).shift();
			if (next) return { status: next.status, body: echoes[next.echo]!(isReceiver ? receiverKey : providerKey) };
			return { status: 200, body: isReceiver ? '' : `{"data":[${event}],"has_more":false}` };
		};
		const folder = scratch();
		const store = openStore(folder.path, { maxOutboxSize: 1e9, now: clock.now });
		const transport = httpTransport({
			baseUrl: base,
			headers: async () => provider.authorize({ apiKey: apiKey }),
			proxyEnv: {},
		});
		const poller = createPoller({
			config: {
				start: fromMillis(NOW - 60_000),
				latenessMs: 1000,
				pollIntervalMs: 1000,
				redact: [],
			} as unknown as SourceConfig,
			provider,
			source: provider.source(readingJson(transport, clock), { accountId: 'a' }, { pageSize: 10 }, door),
			store: streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] }),
			clock,
			random: () => 0.5,
			note: (error) => store.notePoll('s', error),
			onFailure: tell,
			onProgress: tell,
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
			for (const secret of [providerKey, receiverKey]) expect(written.includes(secret)).toBe(false);
		} finally {
			await destination.close();
			await store.close();
			folder.remove();
		}
	},
	0.5,
);
