/** Tries one destination out with an export that holds no records: nothing is stored there. */
import { readSecrets } from '../../config/secrets';
import type { DestinationConfig } from '../../config/types';
import type { Answer } from '../../export/answer';
import { createDestination } from '../../export/destination';
import { proxyInWords } from '../../config/proxy';
import type { Check } from './source';
import { noAnswerAdvice, refusalOf, refusedAdvice, unproven, wordsFor } from '../../export/advice';
import type { Io } from '../io';
import { VERSION } from '../../version';

export async function checkDestination(config: DestinationConfig, io: Io): Promise<Check[]> {
	const subject = `destination ${config.name}`;
	const destination = createDestination(
		{ ...config, headers: () => readSecrets(config.headers) },
		{ clock: io.clock, version: VERSION, env: io.env },
	);
	try {
		const answer = await destination.probe(io.stop);
		const proxy = proxyInWords(new URL(config.endpoint), io.env);
		return [{ subject, check: 'reachable', ...judge(answer, config, proxy) }];
	} finally {
		await destination.close();
	}
}

function judge(
	answer: Answer,
	{ endpoint, headers, preset }: DestinationConfig,
	proxy: string | undefined,
): Pick<Check, 'status' | 'detail' | 'fix'> {
	switch (answer.kind) {
		case 'accepted':
			if (answer.warning !== undefined) {
				return { status: 'warning', detail: answer.warning, fix: 'Records are accepted anyway' };
			}
			if (answer.unread !== undefined) {
				const detail = `${endpoint} answers with success and no OTLP answer: ${answer.unread || 'more than can be read'}`;
				return {
					status: 'warning',
					detail,
					fix: 'It counts as delivered because of lenientResponse: look for the first records',
				};
			}
			return { status: 'ok', detail: [`${endpoint} accepts OTLP`, unproven(preset)].filter(Boolean).join('; ') };
		case 'partial':
			return { status: 'warning', detail: answer.message, fix: 'The receiver refuses records: look at its log' };
		case 'retry': {
			const { what: detail, fix } = noAnswerAdvice(answer.reason, endpoint, proxy);
			return { status: 'failed', detail, fix };
		}
		case 'maybe':
			return { status: 'failed', detail: answer.reason, fix: 'The receiver has a problem: look at its log' };
		case 'tooBig':
		case 'poison':
			// an OTLP receiver refuses without HTML
			if (refusalOf(answer.message) === 'page')
				return { status: 'failed', detail: answer.message, fix: `${wordsFor('page', preset)} (asked: ${endpoint})` };
			return {
				status: 'warning',
				detail: answer.message,
				fix: 'It answers, but refuses an empty export; real records may pass',
			};
		case 'misconfigured': {
			const { what: detail, fix } = refusedAdvice(answer.message, { endpoint, headers, preset }, proxy);
			return { status: 'failed', detail, fix };
		}
	}
}
