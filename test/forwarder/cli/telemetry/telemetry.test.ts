/** The process's own metrics and logs at a receiver. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { OtlpReceiver } from '../../../../forwarder/config/types';
import { shipLog } from '../../../../forwarder/cli/telemetry/logs';
import { pushMetrics } from '../../../../forwarder/cli/telemetry/metrics';
import { changesOf } from '../../../../forwarder/cli/telemetry/tell';
import { createExposition } from '../../../../forwarder/server/metrics/prometheus';
import { systemClock } from '../../../../forwarder/waits';
import { decodeRequest } from '../../../support/otlp';

let server: Server;
let receiver: OtlpReceiver;
let received: { path: string; body: Buffer }[];
let status: number;

beforeEach(async () => {
	received = [];
	status = 200;
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ path: request.url!, body: gunzipSync(Buffer.concat(chunks)) });
			response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
	receiver = { endpoint, headers: {}, compression: 'gzip', timeoutMs: 5000 };
});
afterEach(() => new Promise((done) => server.close(done)));

const io = { clock: systemClock, env: {} };
const troubles: (string | undefined)[] = [];
beforeEach(() => void (troubles.length = 0));
const tell = (trouble: string | undefined) => void troubles.push(trouble);

test('a line of the log is a record with its fields as attributes, sent at the latest at the end', async () => {
	const shipping = shipLog(receiver, { 'service.name': 'audit-relay' }, io, tell);
	shipping.say({
		...{ level: 'error', time: '2026-11-20T12:00:00.000Z', msg: 'poll refused' },
		...{ source: 'dr', error: 'status 401', status: 401 },
	});
	await shipping.end();
	expect(received.map(({ path }) => path)).toEqual(['/v1/logs']);
	expect(decodeRequest(received[0]!.body)).toMatchObject([
		{
			resource: { 'service.name': 'audit-relay' },
			...{ severityNumber: 17, severityText: 'ERROR', body: 'poll refused' },
			time: BigInt(Date.parse('2026-11-20T12:00:00Z')) * 1_000_000n,
			attributes: {
				'audit_relay.source': 'dr',
				'exception.message': 'status 401',
				'http.response.status_code': 401,
			},
		},
	]);
	expect(troubles).toEqual([]);
});

test('metrics are sent at the end too, and a receiver that refuses them is said once', async () => {
	status = 401;
	const exposition = createExposition({ version: '1', resourceAttributes: {}, pushed: true });
	exposition.meter('x').createCounter('audit_relay.x', { unit: '{event}' }).add(3);
	let asleep!: () => void;
	const clock = {
		now: () => Date.now(),
		sleep: (_ms: number, signal?: AbortSignal) =>
			new Promise<void>((done) => {
				asleep = done;
				signal?.addEventListener('abort', () => done());
			}),
	};
	const endpoint = receiver.endpoint.replace('logs', 'metrics');
	const pushing = pushMetrics({ ...receiver, endpoint }, 60_000, exposition.collected, { clock, env: {} }, tell);
	asleep();
	await pushing.end();
	await exposition.close();
	expect(received.map(({ path }) => path)).toEqual(Array(received.length).fill('/v1/metrics'));
	expect(received[0]!.body.toString('latin1')).toMatch(/audit_relay\.x[^]*\{event\}/);
	expect(troubles).toEqual([expect.stringContaining('401')]);
});

test('a receiver that does not answer is not waited for at the end', async () => {
	server.removeAllListeners('request').on('request', () => undefined);
	// the time that it has is over at once
	const clock = { now: () => Date.now(), sleep: async () => undefined };
	const shipping = shipLog(receiver, {}, { clock, env: {} }, tell);
	shipping.say({ level: 'info', time: '2026-11-20T12:00:00.000Z', msg: 'stopped' });
	await shipping.end();
	expect(troubles).toEqual(['no answer before the process ended']);
	server.closeAllConnections();
});

test('an outage is told once, and when it is over', () => {
	const changed = changesOf(tell);
	for (const trouble of [undefined, 'a', 'b', undefined, undefined, 'c']) changed(trouble);
	expect(troubles).toEqual(['a', undefined, 'c']);
});
