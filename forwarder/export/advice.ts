/** What a refusal means at each receiver, in that receiver's words: one table. Sources: docs/destinations.md. */

import type { DestinationConfig } from '../config/types';
import { explained, loginFix, proxyFix, type Advice } from '../http/advice';
import { WANTS_TLS } from '../http/noAnswer';
import { NO_OTLP_ANSWER } from './answer';

/** What came back instead of an acknowledgement. */
export type Refusal = 'unauthorized' | 'forbidden' | 'notFound' | 'redirect' | 'page' | 'notOtlp';

type Words = Partial<Record<Refusal, string>>;

const GENERAL: Record<Refusal, string> = {
	unauthorized: 'The key is missing or not accepted',
	forbidden: 'The key is known and may not write logs here, or an address allowlist keeps this machine out',
	notFound:
		'There is no OTLP at this path: give the base URL, without /v1/logs; Collectors take OTLP/HTTP at port 4318',
	redirect: 'Redirects are not followed, because they would take the key along: set endpoint to the final address',
	page: 'A web server answered, not an OTLP receiver: a login page, a proxy, or the address of the user interface',
	notOtlp:
		'Something that does not speak OTLP answered, so it is unknown what became of the records: give the base URL of the OTLP receiver. Only if its maker documents this answer: lenientResponse: true',
};

const BY_PRESET: Record<string, Words> = {
	datadog: {
		unauthorized: 'Datadog does not accept the API key',
		forbidden:
			'Datadog answers 403 when the API key belongs to another site, or is not an API key (application keys are not accepted): compare site with the address of your Datadog page',
		notFound: 'This site has no OTLP intake for logs: check site',
	},
	'splunk-collector': {
		unauthorized: "This is the Collector's own authentication, not the HEC token: see the otlp receiver's auth",
		notFound:
			'The Collector has no logs pipeline with an otlp receiver at this address; OTLP/HTTP is 4318, 4317 is gRPC',
		page: 'This is not a Collector; port 8000 is Splunk Web, 8088 is HEC. Neither takes OTLP',
	},
	'splunk-otlp-addon': {
		notFound: 'The add-on takes OTLP/HTTP at port 4318; 4317 is gRPC, and 8088 is HEC, which takes no OTLP',
		page: 'This is not an OTLP input: port 8000 is Splunk Web. The add-on listens at 4318',
	},
	elastic: {
		unauthorized:
			'Elastic wants `Authorization: ApiKey <encoded key>`, with the encoded form of the key; the scheme is not Bearer',
		forbidden: 'The API key lacks the privileges for this endpoint: create one with Add data → OpenTelemetry',
		notFound:
			'This is not the managed OTLP endpoint (….ingest.….elastic.cloud); self-managed Elasticsearch needs a Collector in front',
		page: 'This is probably Kibana: the managed OTLP endpoint is another address (….ingest.….elastic.cloud)',
	},
	loki: {
		unauthorized:
			'Loki with auth_enabled says "no org id" without a tenant: add headers: { X-Scope-OrgID: <tenant> }. Else a gateway wants authorization',
		notFound:
			'The base must end with /otlp and lead to a distributor, write or all component; Loki before 3.0 has no OTLP',
		page: 'This is probably Grafana: give the address of Loki itself (port 3100 or its gateway)',
	},
	newrelic: {
		unauthorized: 'New Relic does not accept the license key',
		forbidden:
			'New Relic answers 403 to a key that is not a license key, or of another region: keys that begin with eu01 need site: eu',
		notFound: 'Remove endpoint and set site: us, eu or fedramp',
	},
	honeycomb: {
		unauthorized:
			'Honeycomb does not know this team key: x-honeycomb-team wants an ingest key of the same region (site: us or eu)',
		forbidden: 'The key may not send events or create datasets: give it Send Events and Create Dataset',
	},
	dynatrace: {
		unauthorized:
			'Dynatrace wants `Authorization: Api-Token <token>`; the token is unknown in this environment or has expired',
		forbidden: 'The token lacks the scope logs.ingest',
		notFound:
			'The address is https://<environment>.live.dynatrace.com, or https://<host>:9999/e/<environment> of an ActiveGate',
		page: 'This is the user interface (….apps.dynatrace.com): use https://<environment>.live.dynatrace.com',
	},
	'grafana-cloud': {
		unauthorized:
			'Grafana Cloud wants Basic <instance id>:<access policy token>, with the instance id of the OpenTelemetry tile and a token of the same stack',
		forbidden: 'The access policy lacks the scope logs:write',
		notFound:
			'Copy the endpoint from the OpenTelemetry tile of the stack: https://otlp-gateway-<zone>.grafana.net/otlp',
		page: 'This is Grafana itself: the OTLP endpoint is https://otlp-gateway-<zone>.grafana.net/otlp',
	},
	signoz: {
		unauthorized: 'SigNoz does not accept the ingestion key: it may have expired, or belong to another region (site)',
		forbidden: 'SigNoz does not accept the ingestion key: it may have expired, or belong to another region (site)',
		notFound: 'Remove endpoint and set site: us, eu or in. Self-hosted SigNoz: endpoint http://host:4318',
	},
	openobserve: {
		unauthorized: 'OpenObserve wants Basic <email>:<password>, or the token of the Data sources page',
		forbidden: 'This user may not write to the organization in the address',
		notFound: 'The base is https://<host>/api/<organization>',
		page: 'This is the web interface: the base is https://<host>/api/<organization>',
	},
};

/** What an accepted empty export does not prove. */
const UNPROVEN: Record<string, string> = {
	'splunk-collector': 'an empty export ends in the Collector, so the HEC token and index are not tried out',
};

/** Undefined when the message tells more than we know. */
export function refusalOf(message: string): Refusal | undefined {
	if (message.includes('with a web page')) return 'page';
	if (message.includes(NO_OTLP_ANSWER)) return 'notOtlp';
	const status = Number(/^status (\d{3})/.exec(message)?.[1]);
	if (status === 401) return 'unauthorized';
	if (status === 403) return 'forbidden';
	if (status === 404 || status === 405) return 'notFound';
	return status >= 300 && status < 400 ? 'redirect' : undefined;
}

export function wordsFor(refusal: Refusal, preset: string | undefined): string {
	return BY_PRESET[preset ?? '']?.[refusal] ?? GENERAL[refusal];
}

export function unproven(preset: string | undefined): string | undefined {
	return UNPROVEN[preset ?? ''];
}

/** Nothing came back, or that it should be tried later. @param reason as `classify` gives it */
export function noAnswerAdvice(reason: string, endpoint: string, proxy: string | undefined): Advice {
	return {
		what: explained(reason, /^no answer \((\w+)\)/.exec(reason)?.[1] ?? ''),
		fix: proxyFix(proxy) ?? `Check that ${endpoint} is right and runs; proxies: HTTPS_PROXY`,
	};
}

/** No record can get through until a setting is changed. */
export function refusedAdvice(
	message: string,
	{ endpoint, headers, preset }: Pick<DestinationConfig, 'endpoint' | 'headers' | 'preset'>,
	proxy: string | undefined,
): Advice {
	if (WANTS_TLS.test(message)) return { what: explained(message, 'PORT_SPEAKS_TLS'), fix: `Asked: ${endpoint}` };
	if (message.startsWith('status 407')) return { what: message, fix: loginFix(proxy) };
	const refusal = refusalOf(message);
	const places = [...new Set(Object.values(headers).map((secret) => secret.describe()))].join(', ');
	const keys = places ? ` (headers from: ${places})` : '';
	if (refusal === undefined) return { what: message, fix: `Check the endpoint ${endpoint} and the headers${keys}` };
	const hint = refusal === 'unauthorized' || refusal === 'forbidden' ? keys : ` (asked: ${endpoint})`;
	return { what: message, fix: `${wordsFor(refusal, preset)}${hint}` };
}
