import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { decompressed } from '../../core/otlp/decompress';
import { errorCode } from '../http/noAnswer';
import { deadline } from '../waits';
import { classify, type Answer, type Reply } from './answer';
import type { Compression } from '../config/types';
import { compress } from './compression';
import type { Connections } from './connections';
import { encodeLogs } from './request';
import { withoutSecrets } from './withoutSecrets';

export interface ExporterOptions {
	connections: Connections;
	compression: Compression;
	/** Called for every request, so that rotated keys are used at once. */
	headers: () => Record<string, string> | Promise<Record<string, string>>;
	/** For the whole request, from the first byte sent to the last one read. */
	timeoutMs: number;
	lenientResponse: boolean;
	userAgent: string;
	/** Milliseconds since the epoch. */
	now: () => number;
	/** Told about every request that was not stopped. `status` is absent when there was no answer. */
	onRequest?: (one: { tookMs: number; status?: number; bytes: number }) => void;
}

/** An answer that is not a success, for callers of the SDK's `export()`. */
export class ExportError extends Error {
	override name = 'ExportError';

	constructor(readonly answer: Exclude<Answer, { kind: 'accepted' }>) {
		super(`${answer.kind}: ${'reason' in answer ? answer.reason : answer.message}`);
	}
}

type ExportResult = Parameters<Parameters<LogRecordExporter['export']>[1]>[0];

// `ExportResultCode` of @opentelemetry/core, a package that takes 10 MB of memory for these two numbers
const SUCCESS: ExportResult['code'] = 0;
const FAILED: ExportResult['code'] = 1;

/** Limit that the protocol gives for answers. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * One batch, one request, one answer. No retries, no queue and no redirects: what an answer leads to is decided by the
 * delivery, which knows what is safe to repeat.
 */
export class AckingOtlpExporter implements LogRecordExporter {
	readonly #options: ExporterOptions;
	readonly #running = new Set<Promise<unknown>>();
	#stopped = false;

	constructor(options: ExporterOptions) {
		this.#options = options;
	}

	/** The SDK's face. Anything but a full success is `FAILED`, also a partial one. */
	export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
		this.send(records).then(
			(answer) =>
				done(answer.kind === 'accepted' ? { code: SUCCESS } : { code: FAILED, error: new ExportError(answer) }),
			(error: Error) => done({ code: FAILED, error }),
		);
	}

	/** The forwarder's face. Rejects only when `signal` aborts or after `shutdown()`; every other outcome is an answer. */
	async send(records: readonly ReadableLogRecord[], signal?: AbortSignal): Promise<Answer> {
		return this.#counted(async () => this.#post(await this.pack(encodeLogs(records)), signal));
	}

	/** The body of a request, compressed: made once, so that a retry repeats the same bytes. */
	async pack(request: Uint8Array): Promise<Uint8Array> {
		return compress(request, this.#options.compression);
	}

	/** Posts what `pack` gave. An empty body is a valid request without records. Rejects like `send`. */
	async sendBody(body: Uint8Array, signal?: AbortSignal): Promise<Answer> {
		return this.#counted(() => this.#post(body, signal));
	}

	async forceFlush(): Promise<void> {
		await Promise.allSettled(this.#running);
	}

	async shutdown(): Promise<void> {
		this.#stopped = true;
		await this.forceFlush();
		this.#options.connections.close();
	}

	/** Known to `forceFlush` until it ends. */
	async #counted(work: () => Promise<Answer>): Promise<Answer> {
		if (this.#stopped) throw new Error('the exporter was shut down');
		const running = work();
		this.#running.add(running);
		try {
			return await running;
		} finally {
			this.#running.delete(running);
		}
	}

	async #post(body: Uint8Array, signal?: AbortSignal): Promise<Answer> {
		signal?.throwIfAborted();
		let own: Record<string, string>;
		try {
			own = await this.#options.headers();
		} catch (error) {
			// only our own error is known to name the place and not the secret
			const { name, message } = error as Partial<Error>;
			const why = name === 'SecretError' ? message : 'unknown reason';
			return { kind: 'retry', throttled: false, reason: `request headers cannot be read: ${why}` };
		}
		const timeout = deadline(this.#options.timeoutMs);
		const begun = performance.now();
		const reply = await this.#exchange(body, own, signal ? AbortSignal.any([signal, timeout]) : timeout);
		// an answer that is complete counts even when the stop came meanwhile
		if (reply.kind === 'failed') signal?.throwIfAborted();
		const status = reply.kind === 'response' ? { status: reply.status } : {};
		this.#options.onRequest?.({ tookMs: performance.now() - begun, bytes: body.length, ...status });
		const { lenientResponse, now } = this.#options;
		return withoutSecrets(classify(reply, { lenientResponse, now: now() }), own);
	}

	async #exchange(body: Uint8Array, own: Record<string, string>, signal: AbortSignal): Promise<Reply> {
		const { connections, compression, userAgent } = this.#options;
		const headers: Record<string, string> = { 'user-agent': userAgent };
		for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
		headers['content-type'] = 'application/x-protobuf';
		if (compression !== 'none' && body.length > 0) headers['content-encoding'] = compression;
		else delete headers['content-encoding'];
		headers['content-length'] = String(body.length);
		try {
			const response = await connections.post(headers, body, signal);
			const status = response.statusCode!;
			const read = await readLimited(response).catch((error: unknown) => {
				// an error is told by its status and headers: a `Retry-After` must not be lost with a body that breaks off
				if (status >= 200 && status < 300) throw error;
				return { body: new Uint8Array(), truncated: false };
			});
			const answered = single(response.headers);
			const plain = await decompressed(answered['content-encoding'] ?? '', read.body, MAX_ANSWER_BYTES);
			const content = plain ? { body: plain, truncated: read.truncated } : { body: read.body, truncated: true };
			return { kind: 'response', status, headers: answered, ...content };
		} catch (error) {
			return { kind: 'failed', code: codeOf(signal.aborted ? signal.reason : error) };
		}
	}
}

/** Stops reading at the limit: a wrong or hostile receiver must not fill the memory. */
async function readLimited(stream: AsyncIterable<Uint8Array>): Promise<{ body: Uint8Array; truncated: boolean }> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	// leaving the loop early destroys the stream and its connection
	for await (const chunk of stream) {
		size += chunk.length;
		if (size > MAX_ANSWER_BYTES) return { body: Buffer.concat(chunks), truncated: true };
		chunks.push(chunk);
	}
	return { body: Buffer.concat(chunks), truncated: false };
}

function single(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
	);
}

/** Short and free of anything that was sent: messages of errors below us are not passed on. */
function codeOf(error: unknown): string {
	const { name } = (error ?? {}) as { name?: unknown };
	if (name === 'TimeoutError') return 'timeout';
	return errorCode(error) ?? (typeof name === 'string' ? name : 'unknown');
}
