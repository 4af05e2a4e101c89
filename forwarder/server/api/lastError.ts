/** What went wrong last, and what to do about it in the words of `check`. */
import { proxyInWords } from '../../config/proxy';
import type { Env } from '../../config/secrets';
import type { DestinationConfig, SourceConfig } from '../../config/types';
import { noAnswerAdvice, refusedAdvice } from '../../export/advice';
import { adviceFor } from '../../http/advice';
import type { Failing } from '../../run/monitor';
import type { DestinationSnapshot } from '../../run/snapshot';
import type { LastError } from './types';

export function sourceError(failure: Failing, config: SourceConfig | undefined, env: Env): LastError {
	const { atMs: at, message, fix, error } = failure;
	if (error && config) return { at, ...adviceFor(error, config, env) };
	return { at, what: message, ...(fix !== undefined && { fix }) };
}

/** Advice only while it lasts. */
export function destinationError(
	{ state, lastError }: Pick<DestinationSnapshot, 'state' | 'lastError'>,
	config: DestinationConfig | undefined,
	env: Env,
): LastError | undefined {
	if (!lastError) return undefined;
	const { at, message } = lastError;
	if (!config || state === 'ok') return { at, what: message };
	const proxy = proxyInWords(new URL(config.endpoint), env);
	const advice =
		state === 'halted' ? refusedAdvice(message, config, proxy) : noAnswerAdvice(message, config.endpoint, proxy);
	return { at, ...advice };
}
