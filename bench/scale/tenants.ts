/** A fleet for the real command: very many tenants of one provider, which the benchmark answers for, and one receiver. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fleet {
	/** The configuration as YAML. */
	text: string;
	/** What the command needs in its environment. */
	env: Record<string, string | undefined>;
	close(): void;
}

/** @param state the block of the configuration, as YAML */
export async function startFleet(
	state: string,
	sources: number,
	answer: RequestListener,
	pollInterval = '60s',
): Promise<Fleet> {
	const provider = createServer(answer);
	const receiver = createServer((request, response) => {
		request.resume().on('end', () => response.setHeader('content-type', 'application/x-protobuf').end());
	});
	const [from, to] = [await listening(provider), await listening(receiver)];
	const all = Array.from({ length: sources }, (_, at) => at);
	const keys = Object.fromEntries(all.map((at) => [`KEY_${at}`, `key-${at}:secret`]));
	return {
		text: configText({ state, provider: from, receiver: to, pollInterval }, all),
		env: { PATH: process.env['PATH'], AUDIT_RELAY_LOG_LEVEL: 'error', ...keys },
		close: () => [provider, receiver].forEach((server) => server.close().closeAllConnections()),
	};
}

/** Their keys differ, so each has a rate limit, and a shard, by itself. */
function configText(
	{ state, provider, receiver, pollInterval }: Record<'state' | 'provider' | 'receiver' | 'pollInterval', string>,
	all: readonly number[],
): string {
	const lines = all.map(
		(at) =>
			`  - { name: tenant-${at}, provider: arpio, accountId: account-${at}, apiKey: "\${env:KEY_${at}}", baseUrl: "${provider}", pollInterval: ${pollInterval} }`,
	);
	return `state: ${state}
server: { enabled: false }
destinations:
  - { name: receiver, endpoint: "${receiver}" }
sources:
${lines.join('\n')}
`;
}

async function listening(server: Server): Promise<string> {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
