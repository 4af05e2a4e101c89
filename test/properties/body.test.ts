/** I15: what arrives is the text that the provider sent, byte for byte, but for what is redacted. */
import fc from 'fast-check';
import { openStore } from '../../forwarder/store/sqlite/store';
import { createEncoder } from '../../forwarder/records/records';
import type { SourceConfig } from '../../forwarder/config/types';
import { createPoller } from '../../forwarder/run/poller';
import { readingJson } from '../../core/http/readJson';
import { fromMillis } from '../../core/time';
import { auditApiEvent } from '../../sandbox/auditapi/events';
import { simTransport } from '../support/simCall';
import { recordsOf } from '../support/otlp';
import { property } from './tools/check';
import { VirtualClock } from './tools/clock';
import { scratch } from './tools/folder';
import { sims } from './world/sim';
import { door } from '../support/door';
import { streamOf } from '../support/streamOf';

const NOW = Date.parse('2026-02-11T16:00:00Z');
const CANARY = 'canary-7f3a91';

/** JSON text as no serializer of ours would write it: huge integers, odd spacing, escapes, the same key twice. */
const spaces = fc.constantFrom('', ' ', '\n\t', '  ');
const scalar = fc.oneof(
	fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(String),
	fc.constantFrom('1250.0', '1e3', '-0', 'null', 'true', '"\\u00e9\\ud83d\\ude00"', '"\\/"', '"12:30"'),
	fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
const key = fc.oneof(fc.constantFrom('action', 'secret', 'n', '__proto__', 'timestamp'), fc.string());
const { value } = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		scalar,
		fc.tuple(spaces, fc.array(tie('value'), { maxLength: 3 })).map(([space, all]) => `[${all.join(`,${space}`)}]`),
		object(tie('value')),
	),
}));

function object(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
	const members = fc.array(fc.tuple(key, inner, spaces), { maxLength: 4 });
	return members.map(
		(all) => `{${all.map(([name, text, space]) => `${JSON.stringify(name)}:${space}${text}`).join(',')}}`,
	);
}

property(
	'I15: the body is the text as received, redaction aside',
	fc.record({ payloads: fc.array(object(value), { minLength: 1, maxLength: 5 }), redacts: fc.boolean() }),
	async ({ payloads, redacts }) => {
		const texts = redacts ? payloads.map((text) => withCanary(text)) : payloads;
		const bodies = await shipped(texts, redacts ? ['payload.canary'] : []);
		texts.forEach((text, index) => {
			const { raw } = auditApiEvent({ id: `e${index}`, at: NOW * 1000, payload: text });
			expect(bodies.get(`auditapi:e${index}`)).toBe(raw.replaceAll(`"${CANARY}"`, '"[REDACTED]"'));
		});
		expect([...bodies.values()].join()).not.toContain(CANARY);
		return { events: texts.length };
	},
);

const withCanary = (text: string) => `{"canary":"${CANARY}"${text === '{}' ? '' : ','}${text.slice(1)}`;

/** From the simulated provider through walk, file and encoder to the bytes on the wire, read by foreign code. */
async function shipped(payloads: readonly string[], redact: string[]): Promise<Map<unknown, unknown>> {
	const clock = new VirtualClock(NOW);
	const { provider, api, apiKey, basePath } = sims.auditapi(clock);
	payloads.forEach((payload, n) => api.log.add(auditApiEvent({ id: `e${n}`, at: NOW * 1000, payload })));
	const folder = scratch();
	const store = openStore(folder.path, { maxOutboxSize: 1e9, now: () => clock.now() });
	try {
		const call = readingJson(simTransport(api, provider.authorize({ apiKey: apiKey }), basePath), clock);
		const poller = createPoller({
			config: {
				provider: 'auditapi',
				start: fromMillis(NOW - 60_000),
				latenessMs: 60_000,
				redact,
			} as unknown as SourceConfig,
			provider,
			source: provider.source(call, {}, { pageSize: 2 }, door),
			store: streamOf(store, { name: 's', fingerprint: 'f', destinations: ['siem'] }),
			clock,
			random: () => 0.5,
			note: async () => undefined,
		});
		expect(await poller.once(new AbortController().signal)).toBeUndefined();
		const encode = createEncoder({ version: '1', origin: () => ({ provider, tenant: 't' }) });
		const batches = await store.outbox('siem').pending(-1, 100);
		const items = batches.flatMap((batch) => encode(batch));
		return new Map(recordsOf(items).map(({ attributes, body }) => [attributes['log.record.uid'], body]));
	} finally {
		await store.close();
		folder.remove();
	}
}
