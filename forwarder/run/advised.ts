/** What went wrong last, and what to do about it in the words of `check`: for all who are told how things are. */
import { proxyInWords } from '../config/proxy';
import type { Env } from '../config/secrets';
import type { DestinationConfig, SourceConfig } from '../config/types';
import type { DeliveryStatus } from '../delivery/health';
import { noAnswerAdvice, refusedAdvice } from '../export/advice';
import { adviceFor } from '../http/advice';
import type { Failing, StreamCounts } from './monitor';

export function advisedCounts(counts: Readonly<StreamCounts>, config: SourceConfig, env: Env): Readonly<StreamCounts> {
	const { failure, background } = counts;
	const failures = Object.entries(background) as [keyof typeof background, Failing][];
	if (!failure && failures.length === 0) return counts;
	const advised = (one: Failing): Failing => {
		if (!one.error) return one;
		const { what: message, fix } = adviceFor(one.error, config, env);
		return { ...one, message, fix };
	};
	return {
		...counts,
		...(failure && { failure: advised(failure) }),
		background: Object.fromEntries(failures.map(([what, one]) => [what, advised(one)])),
	};
}

export interface LastError {
	at: number;
	/** No secrets. */
	message: string;
	/** What to do. Only while it lasts. */
	fix?: string;
}

export function destinationError(
	{ state, lastError }: Pick<DeliveryStatus, 'state' | 'lastError'>,
	config: Pick<DestinationConfig, 'endpoint' | 'headers' | 'preset'>,
	env: Env,
): LastError | undefined {
	if (!lastError || state === 'ok') return lastError;
	const { at, message } = lastError;
	const proxy = proxyInWords(new URL(config.endpoint), env);
	const endpoint = withoutPath(config.endpoint);
	const { what, fix } =
		state === 'halted'
			? refusedAdvice(message, { ...config, endpoint }, proxy)
			: noAnswerAdvice(message, endpoint, proxy);
	return { at, message: what, fix };
}

/** A path may be a password, and these words reach everybody who looks. */
export function withoutPath(address: string): string {
	const { origin, pathname, search } = new URL(address);
	return pathname + search === '/' ? origin : `${origin}/…`;
}
