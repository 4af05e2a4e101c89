/** The line to the provider: slow, cut off, refused, lost, and sometimes another page than the one asked for. */
import type { HttpResponse, Transport } from '../../../core/contract';
import { RequestError, type Failure } from '../../../core/http/failure';
import { htmlPage } from '../../../sandbox/faults';
import type { SimulatedApi } from '../../../sandbox/api';
import { simTransport } from '../../support/simCall';
import { never, type Faults, type Life } from '../tools/faults';
import type { Sim } from './sim';

export interface LineOptions {
	life: Life;
	faults: Faults;
	/** Time that passes before the provider answers, and until its answer has arrived. */
	slow: () => void;
	/** No `Date` header, so that the forwarder has to go by its own clock. */
	undated: boolean;
}

const STATUSES = { 'status 500': 500, 'status 503': 503, 'status 429': 429, 'status 401': 401, 'status 403': 403 };
const BEFORE = ['crash', ...Object.keys(STATUSES), 'network', 'timeout'] as const;
const AFTER = ['crash', 'lost', 'truncated', 'html', 'error object', 'empty body'] as const;

export function line({ api, provider, apiKey, basePath }: Sim, options: LineOptions): Transport {
	const direct = simTransport(api as SimulatedApi, provider.authorize({ apiKey: apiKey }), basePath);
	return async (request) => {
		const { life, faults, slow, undated } = options;
		const fail = (failure: { kind: 'network'; code: string } | { kind: 'timeout'; phase: 'headers' }) =>
			new RequestError({ method: request.method, path: request.path, ...failure } as Failure);
		if (life.dead) return never();
		slow();
		const before = faults.next('request', BEFORE);
		if (before === 'crash') return died(life);
		if (before === 'network') throw fail({ kind: 'network', code: 'ECONNREFUSED' });
		if (before === 'timeout') throw fail({ kind: 'timeout', phase: 'headers' });
		if (before) return refusal(STATUSES[before as keyof typeof STATUSES]);
		const reply = await direct(request);
		slow();
		const after = faults.next('answer', AFTER);
		if (after === 'crash') return died(life);
		if (after === 'lost') throw fail({ kind: 'network', code: 'ECONNRESET' });
		if (after) return { ...reply, body: Buffer.from(spoilt[after](Buffer.from(reply.body).toString())) };
		if (!undated) return reply;
		const { date: _date, ...headers } = reply.headers;
		return { ...reply, headers };
	};
}

const spoilt: Record<Exclude<(typeof AFTER)[number], 'crash' | 'lost'>, (body: string) => string> = {
	truncated: (body) => body.slice(0, Math.floor(body.length / 2)),
	html: () => htmlPage,
	'error object': () => '{"error":"try later"}',
	'empty body': () => '',
};

function died(life: Life): Promise<never> {
	life.kill();
	return never();
}

function refusal(status: number): HttpResponse {
	const headers: Record<string, string> = status === 429 ? { 'retry-after': '30' } : {};
	return { status, headers, body: Buffer.from('{"message":"injected"}') };
}
