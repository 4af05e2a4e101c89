/** Takes OTLP logs as Datadog documents it, and loses what Datadog loses, silently where Datadog is silent. */
import { decodeRequest, type OtlpRecord } from '../../support/otlp';
import { startServer } from './httpServer';

const HOUR_NS = 3_600_000_000_000n;

export interface DatadogIntake {
	url: string;
	stored: OtlpRecord[];
	/** Answered with 2xx, and not (or not whole) to be found afterwards. */
	lost: { tooOld: OtlpRecord[]; cutOff: OtlpRecord[]; toRum: OtlpRecord[] };
	/** Statuses of the refusals. */
	refused: number[];
	/** Undefined: as documented. */
	fail: (request: number) => number | undefined;
	close(): Promise<void>;
}

export async function startDatadogIntake(apiKey: string): Promise<DatadogIntake> {
	let requests = 0;
	const server = await startServer(({ path, headers, body }) => {
		const status = intake.fail(++requests) ?? verdict(path, headers, body);
		if (status !== 200) intake.refused.push(status);
		return { status, headers: { 'content-type': 'application/x-protobuf' } };
	});

	function verdict(path: string, headers: Record<string, unknown>, body: Buffer): number {
		if (path !== '/v1/logs') return 404;
		if (headers['dd-api-key'] === undefined) return 401;
		if (headers['dd-api-key'] !== apiKey) return 403;
		if (headers['content-type'] !== 'application/x-protobuf') return 415;
		if (body.length > 5_000_000) return 413;
		const records = decodeRequest(body);
		if (records.length > 1000) return 413;
		const oldest = BigInt(Date.now()) * 1_000_000n - 18n * HOUR_NS;
		for (const record of records) {
			if (record.time < oldest) intake.lost.tooOld.push(record);
			else if ('session.id' in record.attributes) intake.lost.toRum.push(record);
			else if (Buffer.byteLength(String(record.body)) > 1_000_000) intake.lost.cutOff.push(record);
			else intake.stored.push(record);
		}
		return 200;
	}

	const intake: DatadogIntake = {
		url: server.url,
		stored: [],
		lost: { tooOld: [], cutOff: [], toRum: [] },
		refused: [],
		fail: () => undefined,
		close: server.close,
	};
	return intake;
}
