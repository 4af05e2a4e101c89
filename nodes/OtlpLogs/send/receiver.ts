/** Sends encoded batches to the receiver of the credential, politely. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { decompressed } from '../../../core/otlp/decompress';
import { readResponse, type ExportResponse } from '../../../core/otlp/response';
import type { HttpRequest } from '../../../core/contract';
import type { Failure } from '../../../core/http/failure';
import {
	domainOf,
	hash128,
	InvalidInput,
	polite,
	readingJson,
	RequestError,
	runtime,
	sendOnce,
	type PacedCredential,
	type RequestOptions,
} from '../../shared/core';
import { ENDPOINT, WITH_PATH } from '../endpoint';
import { encodeJson } from '../encode/json';
import type { Entry } from '../encode/model';
import { encodeProtobuf } from '../encode/protobuf';

export const CREDENTIAL = 'otlpApi';

/** Limit that the protocol gives for answers. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Receivers take many small batches a second; the pace only keeps one workflow from flooding them. */
const PACE = { requestsPerMinute: 600 };

/** The request failed in the end, but the answer to an attempt was lost: the records may have been taken anyway. */
export class MaybeTaken extends RequestError {}

export interface Receiver {
	/** Throws `RequestError`; `MaybeTaken` where it is not certain that nothing was taken. */
	send(entries: readonly Entry[]): Promise<Extract<ExportResponse, { kind: 'read' }>>;
	isDatadog: boolean;
}

interface OtlpCredential extends PacedCredential {
	preset?: string;
	endpoint?: string;
	site?: string;
	apiKey?: string;
	secretHeaders?: string;
}

export type Encoding = 'json' | 'protobuf';

export async function openReceiver(
	context: IExecuteFunctions,
	encoding: Encoding,
	options: RequestOptions,
): Promise<Receiver> {
	const credential = await context.getCredentials<OtlpCredential>(CREDENTIAL);
	const url = endpointOf(credential);
	const secrets = `${url}\n${credential.apiKey ?? ''}\n${credential.secretHeaders ?? ''}`;
	const domain = domainOf(`${CREDENTIAL} ${hash128(secrets)}`, credential, PACE);
	const signal = context.getExecutionCancelSignal?.();
	const decrypted = { id: '', name: '', type: CREDENTIAL, data: { ...credential } };

	async function post(
		request: HttpRequest,
		body: string | Buffer,
	): Promise<{ answer: ExportResponse; status: number }> {
		const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
		const wire = { url, headers: { 'content-type': type }, body };
		const { status, headers, body: bytes } = await sendOnce(context, decrypted, request, wire);
		if (status < 200 || status > 299) {
			// says what the body says, and throws
			await readingJson(async () => ({ status, headers, body: bytes }), runtime.clock)(request);
		}
		// n8n's client unpacks what says that it is packed
		const plain = await decompressed(headers['content-encoding'] ?? '', bytes, MAX_ANSWER_BYTES);
		return { answer: plain ? readResponse(headers['content-type'] ?? '', plain) : { kind: 'unreadable' }, status };
	}

	return {
		isDatadog: credential.preset === 'datadog',
		async send(entries) {
			const body = encoding === 'json' ? encodeJson(entries) : Buffer.from(encodeProtobuf(entries));
			// sent again after a lost answer, records may arrive twice: their log.record.uid tells
			const request: HttpRequest = { method: 'POST', path: new URL(url).pathname, idempotent: true, signal };
			let answer: ExportResponse = { kind: 'unreadable' };
			let answerLost = false;
			const once = async (asked: HttpRequest) => {
				const posted = await post(asked, body).catch((error: unknown) => {
					if (error instanceof RequestError) answerLost ||= isAnswerLost(error.failure);
					throw error;
				});
				answer = posted.answer;
				return { status: posted.status, headers: {}, body: new Uint8Array(), json: undefined, lists: new Map() };
			};
			await polite(
				once,
				domain,
				undefined,
				options,
			)(request).catch((error: unknown) => {
				throw answerLost && error instanceof RequestError ? new MaybeTaken(error.failure) : error;
			});
			const result = answer as ExportResponse;
			if (result.kind === 'read') return result;
			const detail =
				result.kind === 'page'
					? 'the answer is a web page: a login page or a proxy answered'
					: 'the answer is not an OTLP answer, so it is unknown what became of the records';
			throw new MaybeTaken({ method: 'POST', path: request.path, kind: 'malformed', status: 200, detail });
		},
	};
}

function endpointOf({ preset, endpoint = '', site = 'datadoghq.com' }: OtlpCredential): string {
	if (preset === 'datadog') return `https://otlp.${site}/v1/logs`;
	const url = endpoint.trim().replace(ENDPOINT, WITH_PATH);
	if (!/^https?:\/\/[^/]+/i.test(url) || !URL.canParse(url)) {
		throw new InvalidInput(
			'The endpoint in the credential is not a URL',
			'It must look like https://collector.example.com:4318.',
		);
	}
	return url;
}

/** Whether the records may be in although the request failed: a gateway may answer in the place of a receiver that took them. */
function isAnswerLost(failure: Failure): boolean {
	switch (failure.kind) {
		case 'http':
			return failure.status === 408 || failure.status >= 500;
		case 'network':
			return !NEVER_CONNECTED.has(failure.code);
		default:
			return true;
	}
}

const NEVER_CONNECTED: ReadonlySet<string> = new Set([
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENOTFOUND',
	'EAI_AGAIN',
]);
