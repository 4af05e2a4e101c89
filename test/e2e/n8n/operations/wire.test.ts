/** What a server may do to n8n's requests: send them elsewhere, or never stop answering. */
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialsFor } from '../support/credentials';
import { scene } from '../support/scene';
import { items, node, type NodeOfWorkflow } from '../support/workflow';
import { action } from './action';

const real = scene();
const servers: HttpServer[] = [];
afterAll(() => servers.forEach((server) => server.closeAllConnections() ?? server.close()));

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
	const server = createServer(answer);
	servers.push(server);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TYPES = ['arpioApi', 'arcusErpApi', 'auditApi', 'otlpApi'];

/** One of each kind of node. @param id of the credentials, by type */
function oneOfEach(id: (type: string) => string): NodeOfWorkflow[][] {
	const settings = (type: string) => ({
		onError: 'continueRegularOutput',
		credentials: { [type]: { id: id(type), name: id(type) } },
	});
	const options = { retries: 0 };
	return [
		[action('arpioApi', 'arpio', 'application.getAll', { options }, settings('arpioApi'))],
		[action('arcusErpApi', 'arcusErp', 'auditLogEntry.getAll', { options }, settings('arcusErpApi'))],
		[action('auditApi', 'auditApi', 'event.getAll', { options }, settings('auditApi'))],
		[
			items('Item', { action: 'some' }),
			node('otlpApi', 'otlpLogs', { options: { keepTryingFor: 0 } }, settings('otlpApi')),
		],
	];
}

/** Why a node did not do what it was asked for. */
const reasons = (run: Awaited<ReturnType<typeof real.run>>) =>
	TYPES.map((type) => JSON.stringify([run.json(type, type === 'otlpApi' ? 1 : 0), run.errorOf(type)]));

describe.each([301, 302, 307, 308])('a redirect to another host (%i)', (status) => {
	const elsewhere: string[] = [];
	let location: string;

	beforeAll(async () => {
		location = await listening((request, response) => {
			elsewhere.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
			response.end('[]');
		});
		const { arpio, arcus, auditapi, receiver } = real.sandbox;
		for (const { server } of [arpio, arcus, auditapi])
			server.setFaults(() => ({ kind: 'status', status, headers: { location } }));
		receiver!.setAnswers(() => ({ kind: 'status', status, headers: { location } }));
	});

	it('is followed by no node: nothing is sent there, and the node says so', async () => {
		const sent = real.sandbox.receiver!.requests.length;
		const run = await real.run(oneOfEach((type) => type));
		for (const reason of reasons(run)) expect(reason).toMatch(/redirect/);
		expect(elsewhere).toEqual([]);
		const methods = real.sandbox.receiver!.requests.slice(sent).map(({ method }) => method);
		expect(new Set(methods)).toEqual(new Set(['POST']));
	});
});

describe('an answer without an end', () => {
	const MOST = 32 * 2 ** 20;
	/** What lies in the buffers of both sides when it is ended. */
	const UNDER_WAY = 16 * 2 ** 20;
	const sent: number[] = [];

	beforeAll(async () => {
		const block = Buffer.alloc(64 * 1024, ' ');
		const endless = await listening((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			const more = () => {
				while (!response.destroyed && response.write(block));
			};
			response.on('drain', more).on('close', () => sent.push(response.socket?.bytesWritten ?? NaN));
			more();
		});
		const credentials = credentialsFor(real.sandbox).map(({ data, ...rest }) => {
			const address = rest.type === 'otlpApi' ? 'endpoint' : 'baseUrl';
			return { ...rest, id: `${rest.type}Endless`, data: { ...data, [address]: endless } };
		});
		await real.n8n.importCredentials(credentials);
	});

	it('is ended at 32 MiB, and the node says so', async () => {
		const run = await real.run(oneOfEach((type) => `${type}Endless`));
		for (const reason of reasons(run)) expect(reason).toMatch(/too large|32 MiB/);
		expect(sent.length).toBeGreaterThanOrEqual(TYPES.length);
		for (const bytes of sent) expect(bytes).toBeLessThan(MOST + UNDER_WAY);
	});
});
