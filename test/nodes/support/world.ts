/** The three simulated providers behind n8n's request helper, in simulated time. */
import { Readable } from 'node:stream';
import type { ICredentialType, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { ArcusErpApi } from '../../../credentials/ArcusErpApi.credentials';
import { ArpioApi } from '../../../credentials/ArpioApi.credentials';
import { AuditLogApi } from '../../../credentials/AuditLogApi.credentials';
import { OtlpApi } from '../../../credentials/OtlpApi.credentials';
import { AuditApi } from '../../../credentials/AuditApi.credentials';
import { runtime } from '../../../nodes/shared/runtime';
import type { SimReply, SimulatedApi } from '../../../sandbox/api';
import { arcusApi, type ArcusApi } from '../../../sandbox/arcus/api';
import { arcusSandboxKey } from '../../../sandbox/arcus/keys';
import { arpioApi, arpioSandboxKey, type ArpioApi as SimulatedArpio } from '../../../sandbox/arpio/api';
import { arpioAccountId } from '../../../sandbox/arpio/events';
import { auditApi, auditApiSandboxKey, type AuditApiApi } from '../../../sandbox/auditapi/api';
import { seededLogs, type SeededLogs } from '../../../sandbox/seed';
import { authenticated } from './authenticated';
import { nodeClock, type NodeClock } from './clock';

export interface SeenRequest {
	method: string;
	/** Path and query. */
	url: string;
	headers: Record<string, string>;
	body: unknown;
	credentialType: string;
}

/** What happens instead of the provider's answer: a reply, an error code of the network, or nothing special. */
export type Interference = (number: number, request: SeenRequest) => Partial<SimReply> | string | undefined;

export interface World {
	clock: NodeClock;
	logs: SeededLogs;
	arpio: SimulatedArpio;
	arcus: ArcusApi;
	auditapi: AuditApiApi;
	credentials: Record<string, Record<string, string>>;
	requests: SeenRequest[];
	interfere: Interference;
	/** Simulated besides the three. */
	others: { host: string; api: SimulatedApi }[];
	/** Answers requests to hosts that are not simulated providers. */
	elsewhere?: (options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;
	/** Simulated milliseconds that every request takes. */
	latencyMs: number;
	/** n8n's `httpRequestWithAuthentication`. */
	request(credentialType: string, options: IHttpRequestOptions): Promise<IN8nHttpFullResponse>;
}

const TYPES: Record<string, ICredentialType> = {
	arpioApi: new ArpioApi(),
	arcusErpApi: new ArcusErpApi(),
	auditApi: new AuditApi(),
	auditLogApi: new AuditLogApi(),
	otlpApi: new OtlpApi(),
};

/** No waiting for the pace. */
export const FAST = { requestsPerMinute: '600000' };

/** A fresh world; the nodes' runtime follows its clock and forgets its limiters. */
export function createWorld(): World {
	const clock = nodeClock();
	const logs = seededLogs();
	Object.assign(runtime, {
		clock,
		random: () => 0.5,
		deadline: clock.deadline,
		domains: new Map(),
		applications: new Map(),
		polling: new Map(),
		latest: new Map(),
		reports: new Map(),
		received: new Map(),
		polledWith: new WeakSet(),
		keeping: new WeakMap(),
	});
	const world: World = {
		clock,
		logs,
		arpio: arpioApi({ clock, log: logs.arpio }),
		arcus: arcusApi({ clock, log: logs.arcus }),
		auditapi: auditApi({ clock, log: logs.auditapi }),
		credentials: {
			arpioApi: {
				apiKey: `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`,
				accountId: arpioAccountId,
				baseUrl: 'https://arpio.test/',
				...FAST,
			},
			arcusErpApi: { apiKey: arcusSandboxKey.key, baseUrl: 'https://arcus.test/v1', entityId: '', ...FAST },
			auditApi: { apiKey: auditApiSandboxKey, baseUrl: 'https://auditapi.test/v1', ...FAST },
		},
		requests: [],
		others: [],
		interfere: () => undefined,
		latencyMs: 0,
		async request(credentialType, given) {
			if (given.abortSignal?.aborted) throw wrapped('ERR_CANCELED');
			const type = TYPES[credentialType];
			// what n8n authorizes itself comes with its headers
			const options = type ? await authenticated(type, world.credentials[credentialType]!, given) : given;
			const { origin, pathname, search } = new URL(options.url);
			const request: SeenRequest = {
				method: options.method ?? 'GET',
				url: pathname + search,
				headers: options.headers as Record<string, string>,
				body: options.body,
				credentialType,
			};
			world.requests.push(request);
			clock.advance(world.latencyMs);
			const instead = world.interfere(world.requests.length, request);
			if (typeof instead === 'string') throw wrapped(instead);
			const server = servers(world).find(({ host }) => origin === host);
			if (!server && !instead) return world.elsewhere!(options);
			const body = typeof options.body === 'string' ? options.body : '';
			const reply = {
				...(instead?.status ? { headers: {}, body: '' } : server!.api.handle({ ...request, body })),
				...instead,
			};
			return { statusCode: reply.status!, headers: reply.headers, body: Readable.from([Buffer.from(reply.body)]) };
		},
	};
	return world;
}

function servers({ arpio, arcus, auditapi, others }: World): { host: string; api: SimulatedApi }[] {
	return [
		{ host: 'https://arpio.test', api: arpio },
		{ host: 'https://arcus.test', api: arcus },
		{ host: 'https://auditapi.test', api: auditapi },
		...others,
	];
}

/** n8n wraps what its HTTP client throws. */
function wrapped(code: string): Error {
	return new Error('wrapped', { cause: Object.assign(new Error(`socket ${code}`), { code }) });
}
