/** One request from Arcus ERP, or from somebody else. */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { object, runtime, text } from '../../shared/core';
import { keptEndpoint } from './kept';
import { refusal, WINDOW_MS } from './signature';

/** A signature counts from five minutes before its time to five minutes after. */
const KEPT_MS = 2 * WINDOW_MS;

/** As n8n gives it. */
interface Received {
	headers: Record<string, unknown>;
	/** The signature is one of bytes: what n8n parsed and printed again would be others. */
	rawBody?: Uint8Array;
	readRawBody?: () => Promise<void>;
}

interface Answer {
	status(code: number): Answer;
	json(body: object): void;
}

export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request = context.getRequestObject() as unknown as Received;
	await request.readRawBody?.();
	const body = request.rawBody ?? new Uint8Array();
	const kept = keptEndpoint(context);
	const wrong = kept
		? await refusal(request.headers['arcus-signature'], body, kept.secret)
		: 'the secret of the endpoint is not known here; publish the workflow again';
	const event = wrong ? undefined : parsed(body);
	if (!event) return refused(context, wrong ?? 'it holds no event');
	const id = text(event.id) ?? Buffer.from(body).toString();
	if (isRepeat(JSON.stringify([context.getWorkflow().id, context.getNode().id, context.getMode(), id]))) {
		return { webhookResponse: { message: 'This event was received before' } };
	}
	return { workflowData: [[{ json: event }]] };
}

function refused(context: IWebhookFunctions, why: string): IWebhookResponseData {
	context.logger.warn(`${context.getNode().name}: a request was refused, because ${why}.`);
	const response = context.getResponseObject() as unknown as Answer;
	response.status(401).json({ message: 'The request was refused' });
	return { noWebhookResponse: true };
}

function parsed(body: Uint8Array): IDataObject | undefined {
	try {
		const event = object(JSON.parse(Buffer.from(body).toString()));
		return typeof event.type === 'string' ? (event as IDataObject) : undefined;
	} catch {
		return undefined;
	}
}

/** Within the time in which a signature counts, in this process. */
function isRepeat(key: string): boolean {
	const now = runtime.clock.now();
	for (const [old, until] of runtime.received) {
		const left = until - now;
		// longer than at first: the clock was set back
		if (left > 0 && left <= KEPT_MS) break;
		runtime.received.delete(old);
	}
	if (runtime.received.has(key)) return true;
	runtime.received.set(key, now + KEPT_MS);
	return false;
}
