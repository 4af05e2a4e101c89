/** The receiver: answers as badly as a seed says, and keeps an account of what it stored and who knows about it. */
import { startReceiver, type Answer, type ReceivedRequest, type Receiver } from '../../sandbox/receiver';
import type { DecodedRecord } from '../../sandbox/otlpDecode';
import { dice, Tally, type Dice } from './dice';

/** One stored copy of one event. */
export interface Copy {
	uid: string;
	body: string;
	/** Milliseconds. */
	at: number;
	/** Start of the command that sent it. */
	life: number;
	/** Why the sender cannot know that it was stored; undefined after a good answer. */
	unheard?: string;
}

export interface Weather {
	/** Share of requests that fail. */
	rate: number;
	/** More records than that are too many: 413. */
	maxRecords?: number;
	/** The destination is set up wrongly: every request is answered with it. */
	misconfigured?: Answer;
}

export interface ChaosReceiver {
	readonly url: string;
	readonly copies: readonly Copy[];
	/** Records other than events: gaps. */
	readonly gaps: number;
	readonly faults: Tally;
	readonly requests: number;
	setWeather(weather: Weather): void;
	close(): Promise<void>;
}

export interface ReceiverHooks {
	onRequest(): void;
	/** After the batch was stored and before its answer. */
	onStored(): void;
	/** When the answer is on its way. */
	onAnswered(): void;
}

/** Configured for the destination: long enough for a machine that is busy with other things. */
export const REQUEST_TIMEOUT_MS = 2_000;
const TOO_SLOW_MS = 2_400;

export async function startChaosReceiver(
	seed: number,
	poisoned: ReadonlySet<string>,
	hooks: ReceiverHooks,
): Promise<ChaosReceiver> {
	const draw = dice(seed, 'receiver');
	const faults = new Tally();
	const copies: Copy[] = [];
	let weather: Weather = { rate: 0 };
	let gaps = 0;
	let requests = 0;

	function answer(request: ReceivedRequest): Answer | undefined {
		requests++;
		hooks.onRequest();
		const chosen = choose(request);
		if (chosen) faults.add(nameOf(chosen));
		if (!isStored(chosen)) return chosen;
		const life = Number(request.headers['x-chaos-life']);
		for (const { eventName, attributes, body } of request.records) {
			if (eventName === 'audit_relay.gap') gaps++;
			else
				copies.push({
					uid: uidOf(attributes),
					body: typeof body === 'string' ? body : JSON.stringify(body),
					at: Date.now(),
					life,
					unheard: unheard(chosen),
				});
		}
		hooks.onStored();
		setImmediate(() => hooks.onAnswered());
		return chosen;
	}

	function choose(request: ReceivedRequest): Answer | undefined {
		const { records, headers } = request;
		// an error text that repeats the keys, as some receivers send it
		const echo = `refused: ${JSON.stringify(headers)}`;
		if (weather.misconfigured) return weather.misconfigured;
		if (weather.maxRecords !== undefined && records.length > weather.maxRecords)
			return { kind: 'status', status: 413, body: 'too many' };
		if (records.some(({ attributes }) => poisoned.has(uidOf(attributes))))
			return { kind: 'status', status: 400, body: echo };
		return draw.chance(weather.rate) ? faultFor(draw, records.length, echo) : undefined;
	}

	const receiver: Receiver = await startReceiver({ answers: (_number, request) => answer(request) });
	return {
		url: receiver.url,
		copies,
		get gaps() {
			return gaps;
		},
		get requests() {
			return requests;
		},
		faults,
		setWeather: (next) => (weather = next),
		close: () => receiver.close(),
	};
}

function uidOf(attributes: DecodedRecord['attributes']): string {
	const uid = attributes['log.record.uid'];
	return typeof uid === 'string' ? uid : 'none';
}

function faultFor(draw: Dice, records: number, echo: string): Answer {
	return draw.pick<() => Answer>([
		() => ({ kind: 'status', status: 429, retryAfter: { seconds: 1 }, body: echo }),
		() => ({ kind: 'status', status: 429, retryAfter: { date: Date.now() + 1_000 } }),
		() => ({ kind: 'status', status: draw.pick([502, 503, 504]), body: echo }),
		() => ({ kind: 'status', status: draw.pick([500, 408]), body: echo }),
		() => ({ kind: 'reset', when: 'before' }),
		() => ({ kind: 'reset', when: 'after' }),
		() => ({ kind: 'slow', pauseMs: draw.between(50, 300) }),
		() => ({ kind: 'slow', pauseMs: TOO_SLOW_MS }),
		() => ({ kind: 'truncated' }),
		// rare: the whole batch becomes dead letters
		() => (draw.chance(0.6) ? { kind: 'partial', rejected: Math.min(1, records), message: echo } : { kind: 'silent' }),
	])();
}

function isStored(answer: Answer | undefined): boolean {
	if (answer === undefined || answer.kind === 'slow' || answer.kind === 'truncated') return true;
	return answer.kind === 'reset' && answer.when === 'after';
}

function unheard(answer: Answer | undefined): string | undefined {
	if (answer?.kind === 'slow' && answer.pauseMs < REQUEST_TIMEOUT_MS) return undefined;
	return answer && nameOf(answer);
}

function nameOf(answer: Answer): string {
	switch (answer.kind) {
		case 'status':
			if (!answer.retryAfter) return String(answer.status);
			return `${answer.status} Retry-After ${'date' in answer.retryAfter ? 'date' : 'seconds'}`;
		case 'reset':
			return `reset ${answer.when} storing`;
		case 'slow':
			return answer.pauseMs < REQUEST_TIMEOUT_MS ? 'slow' : 'too slow';
		case 'html':
			return 'HTML';
		default:
			return answer.kind;
	}
}
