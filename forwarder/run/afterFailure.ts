/** What a failed poll means, and when the next one is due. */
import { RequestError, isTransient, type Failure } from '../../core/http/failure';
import { SecretError } from '../config/secrets';
import type { Provider } from '../../core/provider';
import { settingsThat } from '../../core/settings';
import { StaleLeaseError } from '../store/contract';

export interface AfterFailure {
	/** transient: tries again soon · refused: needs a person, probes slowly · fatal: this process must not write any more. */
	kind: 'transient' | 'refused' | 'fatal';
	/** One line for people; no key, no header. */
	message: string;
	/** Which kind of error it was, of few: `401`, `timeout`, `ECONNREFUSED`. Absent: none of a request. */
	type?: string;
	/** Of the answer, when there was one. */
	status?: number;
	/** What to do about it, when that is known. */
	fix?: string;
	/** What advice comes from; without key and header. */
	error?: RequestError | SecretError;
	/** Milliseconds until the next poll, before jitter. */
	waitMs: number;
}

const MINUTE = 60_000;

/** Whose settings a hint names. */
type Told = Pick<Provider, 'settings'>;

/** `failures`: polls that failed in a row, this one included. */
export function afterFailure(error: unknown, failures: number, pollIntervalMs: number, provider: Told): AfterFailure {
	const message = error instanceof Error ? error.message : String(error);
	if (error instanceof StaleLeaseError) return { kind: 'fatal', message, waitMs: 0 };
	const what = {
		...(error instanceof RequestError && typeOf(error.failure)),
		...((error instanceof RequestError || error instanceof SecretError) && { error }),
	};
	const backOff = Math.min(5 * MINUTE, Math.max(1000, pollIntervalMs / 4) * 2 ** Math.min(failures - 1, 10));
	if (!(error instanceof RequestError) || isTransient(error.failure))
		return { kind: 'transient', message, ...what, waitMs: backOff };
	if (error.failure.kind !== 'http') return { kind: 'transient', message, ...what, waitMs: backOff };
	return { kind: 'refused', message, ...what, ...refused(error.failure.status, provider) };
}

function typeOf(failure: Failure): Pick<AfterFailure, 'type' | 'status'> {
	switch (failure.kind) {
		case 'http':
			return { type: String(failure.status), status: failure.status };
		case 'malformed':
			return { type: failure.kind, status: failure.status };
		case 'network':
			return { type: failure.code };
		default:
			return { type: failure.kind };
	}
}

function refused(status: number, provider: Told): { fix?: string; waitMs: number } {
	switch (status) {
		case 401:
			return {
				fix: `the key is not accepted: check ${settingsThat(provider, ({ secret }) => secret).join(' and ')}; a rotated key needs no restart`,
				waitMs: 5 * MINUTE,
			};
		case 403:
			return { fix: 'the key may not read the audit log: check its role or scope', waitMs: 5 * MINUTE };
		case 402:
			return { fix: 'the plan quota of the provider is used up', waitMs: 60 * MINUTE };
		case 404:
			return {
				fix: `check ${['baseUrl', ...settingsThat(provider, ({ identity }) => identity)].join(' and ')}`,
				waitMs: 5 * MINUTE,
			};
		default:
			return { waitMs: 5 * MINUTE };
	}
}
