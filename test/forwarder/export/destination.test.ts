import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createDestination, type DestinationSettings } from '../../../forwarder/export/destination';
import { TestClock } from '../delivery/support/clock';
import { uids } from '../delivery/support/decode';
import { batch, encoder } from '../delivery/support/events';
import { Receiver, status } from '../delivery/support/receiver';

let receiver: Receiver;

beforeEach(async () => {
	receiver = await Receiver.start();
});

afterEach(() => receiver.stop());

function destination(more: Partial<DestinationSettings> = {}, env: Record<string, string> = {}) {
	return createDestination(
		{
			name: 'siem',
			endpoint: `${receiver.endpoint}/v1/logs`,
			headers: () => ({}),
			compression: 'gzip',
			timeoutMs: 10_000,
			lenientResponse: false,
			inFlight: 4,
			...more,
		},
		{ clock: new TestClock(), version: '1.2.3', env },
	);
}

describe('createDestination', () => {
	it('sends items and compresses the same list only once', async () => {
		const one = destination();
		const items = encoder()(batch(1, ['a', 'b']));
		const pack = jest.spyOn(one.exporter, 'pack');
		receiver.script.push(status(503));
		expect((await one.send(items)).kind).toBe('retry');
		expect((await one.send(items)).kind).toBe('accepted');
		expect(pack).toHaveBeenCalledTimes(1);
		expect(receiver.received[0]!.bytes).toEqual(receiver.received[1]!.bytes);
		expect(uids(receiver.received[1]!.body)).toEqual(['arpio:a', 'arpio:b']);
		await one.close();
	});

	it('probes with an export that holds nothing', async () => {
		const one = destination({ headers: () => ({ 'dd-api-key': 'k' }) });
		expect(await one.probe()).toEqual({ kind: 'accepted' });
		expect(receiver.received[0]).toMatchObject({ path: '/v1/logs', headers: { 'dd-api-key': 'k' } });
		receiver.otherwise = status(401, 'no');
		expect(await one.probe()).toEqual({ kind: 'misconfigured', message: 'status 401: no' });
		await one.close();
	});

	describe('behind a proxy', () => {
		let proxy: Server;
		let seen: string[];

		beforeEach(async () => {
			seen = [];
			proxy = createServer((request, response) => {
				seen.push(`${request.method} ${request.url}`);
				response.end();
			});
			proxy.on('connect', (request, client, head) => {
				seen.push(`CONNECT ${request.url}`);
				const [host, port] = request.url!.split(':');
				const upstream = connect(Number(port), host, () => {
					client.write('HTTP/1.1 200 OK\r\n\r\n');
					upstream.write(head);
					upstream.pipe(client).pipe(upstream);
				});
				upstream.on('error', () => client.destroy());
				client.on('error', () => upstream.destroy());
			});
			await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		});

		afterEach(async () => {
			proxy.closeAllConnections();
			await new Promise((resolve) => proxy.close(resolve));
		});

		const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

		it('sends through it what HTTP_PROXY says', async () => {
			const one = destination({}, { HTTP_PROXY: address() });
			expect((await one.probe()).kind).toBe('accepted');
			expect(seen).toEqual([`POST ${receiver.endpoint}/v1/logs`]);
			await one.close();
		});

		it('asks it for a tunnel for https', async () => {
			const one = destination({ endpoint: receiver.endpoint.replace('http:', 'https:') }, { https_proxy: address() });
			// the receiver speaks no TLS: the tunnel is what counts here
			expect((await one.probe()).kind).toBe('retry');
			expect(seen).toContain(`CONNECT ${new URL(receiver.endpoint).host}`);
			await one.close();
		});

		it('goes past it where NO_PROXY says so', async () => {
			const one = destination({}, { HTTP_PROXY: address(), NO_PROXY: 'localhost,127.0.0.1' });
			expect((await one.probe()).kind).toBe('accepted');
			expect(seen).toEqual([]);
			expect(receiver.received).toHaveLength(1);
			await one.close();
		});
	});
});
