/** Answers as Splunk's HTTP Event Collector does, and refuses on request. */
import { startServer, type Reply, type Request } from './httpServer';

/** Documented refusals, with HEC's own words. */
export const hec = {
	ok: { status: 200, body: '{"text":"Success","code":0}' },
	badData: { status: 400, body: '{"text":"Invalid data format","code":6}' },
	unauthorized: { status: 401, body: '{"text":"Token is required","code":2}' },
	wrongToken: { status: 403, body: '{"text":"Invalid token","code":4}' },
	wrongPath: { status: 404, body: '{"text":"The requested URL was not found on this server.","code":404}' },
	tooLarge: { status: 413 },
	busy: { status: 503, headers: { 'retry-after': '1' }, body: '{"text":"Server is busy","code":9}' },
} satisfies Record<string, Reply>;

export interface Hec {
	/** For the exporter's `endpoint`. */
	url: string;
	/** `log.record.uid` of everything that was taken, repeats included. */
	stored: string[];
	requests: number;
	/** Undefined: take it. */
	refuse: (uids: readonly string[], request: Request) => Reply | undefined;
	close(): Promise<void>;
}

export async function startHec(): Promise<Hec> {
	const server = await startServer((request) => {
		hecServer.requests += 1;
		const uids = [...request.body.toString().matchAll(/"log\.record\.uid":"([^"]+)"/g)].map(([, uid]) => uid!);
		const refusal = hecServer.refuse(uids, request);
		if (!refusal) hecServer.stored.push(...uids);
		return refusal ?? hec.ok;
	});
	const hecServer: Hec = {
		url: `${server.url}/services/collector`,
		stored: [],
		requests: 0,
		refuse: () => undefined,
		close: server.close,
	};
	return hecServer;
}
