/** An Arpio event as a log record: the table of `docs/mapping.md`, and what raises its severity. */
import { object, text, urlWithoutSecrets } from '../../core/record/attributes';
import type { JsonObject, SourceEvent } from '../../core/contract';
import type { Draft } from '../../core/provider';
import { idsOf } from '../../core/record/ids';
import { ERROR, INFO, raisedBy, severityText, WARN } from '../../core/record/severity';
import { toHrTime } from '../../core/time';
import { classify, type Meaning } from './classify';

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,100}$/;
const SUCCESS: readonly string[] = ['success', 'succeeded', 'successful', 'ok'];

export function arpioRecord(event: SourceEvent): Draft {
	const { json } = event;
	const meaning = classify(json);
	const outcome = outcomeOf(json);
	const severity = severityOf(json, meaning, outcome.failed);
	const type = text(json['type']);
	const id = idsOf(event);

	const principal = object(json['principal']);
	const actorId = id('principal', 'identity', 'subjectId');
	const request = object(object(json['context'])['apiRequest']);
	const addresses = texts(request['remoteAddresses']);
	const targets = targetsOf(json, id);
	// the account is in nearly every event and says nothing about what was done
	const target = targets.find((candidate) => candidate.type !== 'account') ?? targets[0];

	return {
		time: toHrTime(event.time),
		eventName: `arpio.${type !== undefined && EVENT_NAME.test(type) ? type.toLowerCase() : 'event'}`,
		severityNumber: severity,
		severityText: severityText(severity),
		attributes: {
			'log.record.uid': `arpio:${event.id}`,
			'audit.source': 'arpio',
			'audit.category': meaning.category,
			'audit.alert': meaning.alert,
			'audit.action': type,
			'audit.access': text(json['access']),
			'audit.outcome': outcome.word,
			'audit.channel': text(json['source']),
			'audit.tenant.id': id('accountId'),
			'audit.actor.type': json['principal'] === null ? 'system' : text(principal['type']),
			'audit.actor.id': actorId,
			'user.id': actorId,
			'audit.actor.authority': text(object(principal['identity'])['authority']),
			'audit.target.type': target?.type,
			'audit.target.id': target?.id,
			'audit.target.name': target?.name,
			'audit.targets': targets.map(({ type: kind = '', id: of = '' }) => `${kind}:${of}`),
			'client.address': addresses[0],
			'audit.client.addresses': addresses,
			'user_agent.original': text(request['userAgent']),
			'url.full': urlWithoutSecrets(request['url']),
			'http.response.status_code': outcome.statusCode,
			'audit.request.id': id('context', 'apiRequest', 'httpRequestId'),
			'audit.execution.id': id('context', 'apiRequest', 'executionRequestId'),
			'error.type': outcome.failed ? errorType(outcome.statusCode) : undefined,
		},
		body: event.raw,
	};
}

interface Outcome {
	/** The provider's `result`, else what the status code says, else `unknown`. */
	word: string;
	failed: boolean;
	statusCode?: number;
}

function outcomeOf(json: JsonObject): Outcome {
	const code = Number(text(object(object(json['context'])['apiResponse'])['statusCode']) || NaN);
	const statusCode = Number.isInteger(code) && code >= 100 && code <= 999 ? code : undefined;
	const refused = statusCode !== undefined && statusCode >= 400;
	const result = text(json['result'])?.trim();
	if (result && result.toLowerCase() !== 'unknown') {
		return { word: result, failed: refused || !SUCCESS.includes(result.toLowerCase()), statusCode };
	}
	return { word: refused ? 'failure' : statusCode === undefined ? 'unknown' : 'success', failed: refused, statusCode };
}

function severityOf(json: JsonObject, { alert }: Meaning, failed: boolean): number {
	const source = text(json['source']);
	const bySystem = source !== undefined && source !== 'api';
	const base = failed ? (alert !== 'none' || bySystem ? ERROR : WARN) : INFO;
	return raisedBy(alert, base);
}

function errorType(statusCode: number | undefined): string {
	return statusCode !== undefined && statusCode >= 400 ? String(statusCode) : '_OTHER';
}

function targetsOf(
	{ resources }: JsonObject,
	id: ReturnType<typeof idsOf>,
): { type?: string; id?: string; name?: string }[] {
	if (!Array.isArray(resources)) return [];
	return resources
		.map((resource: unknown, index) => ({
			type: text(object(resource)['type']),
			id: id('resources', index, 'id'),
			name: text(object(resource)['name']),
		}))
		.filter((target) => target.type !== undefined || target.id !== undefined);
}

function texts(value: unknown): string[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}
