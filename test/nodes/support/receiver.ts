/** The OTLP Logs node in front of the sandbox's receiver, over real HTTP on loopback. */
import { Readable } from 'node:stream';
import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse, INodeExecutionData } from 'n8n-workflow';
import { OtlpLogs } from '../../../nodes/OtlpLogs/OtlpLogs.node';
import { startReceiver, type Receiver } from '../../../sandbox/receiver';
import { decodeRequest, type OtlpRecord } from '../../support/otlp';
import { execute, type Given } from './context';
import { createWorld, FAST, type World } from './world';

export interface Shipping {
	world: World;
	receiver: Receiver;
	ship(
		items: IDataObject[],
		given?: Partial<Given>,
	): Promise<{ accepted: INodeExecutionData[]; rejected: INodeExecutionData[]; hints: string[] }>;
	/** What arrived, decoded with code generated from the official protos. */
	arrived(): OtlpRecord[];
	end(): Promise<void>;
}

export async function shipping(): Promise<Shipping> {
	const world = createWorld();
	const receiver = await startReceiver();
	world.credentials.otlpApi = {
		preset: 'collector',
		endpoint: `${receiver.url}/`,
		secretHeaders: 'x-tenant=7,x-key=a%2Cb',
		...FAST,
	};
	world.elsewhere = overHttp;
	return {
		world,
		receiver,
		async ship(items, given) {
			const { outputs, hints } = await execute(world, new OtlpLogs(), { parameters: {}, ...given, items });
			return { accepted: outputs[0]!, rejected: outputs[1]!, hints };
		},
		arrived: () => receiver.requests.flatMap(({ body }) => decodeRequest(body)),
		end: () => receiver.close(),
	};
}

async function overHttp(options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
	const reply = await fetch(options.url, {
		method: 'POST',
		headers: options.headers as Record<string, string>,
		body: options.body as Uint8Array<ArrayBuffer>,
		redirect: options.disableFollowRedirect ? 'manual' : 'follow',
	});
	return {
		statusCode: reply.status,
		headers: Object.fromEntries(reply.headers),
		body: Readable.from([Buffer.from(await reply.arrayBuffer())]),
	};
}
