/**
 * Receivers that need more than a URL: one table. Where each fact comes from, and what is not certain, stands in
 * docs/destinations.md; what an answer means in the receiver's own words, in export/advice.ts.
 */
import type { Compression, DestinationConfig } from './types';

export interface Preset {
	title: string;
	/** Base URL by `site`, where the vendor has a rule; the first is the default. Absent: `endpoint` must be given. */
	sites?: Readonly<Record<string, string>>;
	/** What the vendor puts before `/v1/logs`; appended to a given endpoint that does not have it. */
	path?: string;
	/** For the error when `endpoint` is missing. */
	example: string;
	/** Header that carries the key. Absent: none is needed. */
	key?: KeyHeader;
	compression: Compression;
	/** Older events are lost or refused there. */
	maxEventAgeMs?: number;
	/** A record above `maxRecordBytes` would be cut off or dropped although it is acknowledged. */
	limits: DestinationConfig['limits'];
	/** For one request. Default: 10 s. */
	timeoutMs?: number;
	/** Attributes sent under another name (old → new). */
	renameAttributes: Record<string, string>;
}

export interface KeyHeader {
	header: string;
	/** Stands before the value. With `Basic`, a value like `user:password` is encoded. */
	scheme?: 'ApiKey' | 'Api-Token' | 'Basic';
	/** Environment variable that is used when the header is not configured. */
	variable: string;
	/** What it holds, in the vendor's words. */
	value: string;
}

const HOUR = 3_600_000;

export const presets = {
	datadog: {
		title: 'Datadog',
		// US1-FED (ddog-gov.com) has no OTLP intake
		sites: {
			'datadoghq.com': 'https://otlp.datadoghq.com',
			'us3.datadoghq.com': 'https://otlp.us3.datadoghq.com',
			'us5.datadoghq.com': 'https://otlp.us5.datadoghq.com',
			'ap1.datadoghq.com': 'https://otlp.ap1.datadoghq.com',
			'ap2.datadoghq.com': 'https://otlp.ap2.datadoghq.com',
			'datadoghq.eu': 'https://otlp.datadoghq.eu',
		},
		example: 'https://otlp.datadoghq.com',
		key: { header: 'dd-api-key', variable: 'DD_API_KEY', value: 'an API key (no application key)' },
		compression: 'gzip',
		maxEventAgeMs: 18 * HOUR,
		limits: { maxBatchBytes: 5_000_000, maxRecordBytes: 1_000_000, maxRecords: 1000 },
		// with RUM forwarding on, a log with `session.id` goes to RUM and never appears as a log
		renameAttributes: { 'session.id': 'audit.session.id' },
	},
	'splunk-collector': {
		title: 'Splunk through a Collector',
		example: 'http://127.0.0.1:4318',
		compression: 'gzip',
		// the exporter drops what is above its max_content_length_logs, and HEC's own limit is no lower
		limits: { maxRecordBytes: 1_000_000 },
		// the Collector answers when Splunk has answered
		timeoutMs: 60_000,
		renameAttributes: {},
	},
	'splunk-otlp-addon': {
		title: 'Splunk Connect for OTLP',
		example: 'http://splunk.internal:4318, with allowInsecure: true',
		compression: 'gzip',
		limits: {},
		renameAttributes: {},
	},
	elastic: {
		title: 'Elastic Cloud',
		example: 'https://<project>.ingest.<region>.<provider>.elastic.cloud',
		key: { header: 'authorization', scheme: 'ApiKey', variable: 'ELASTIC_API_KEY', value: 'the encoded API key' },
		compression: 'gzip',
		limits: {},
		renameAttributes: {},
	},
	loki: {
		title: 'Grafana Loki',
		path: '/otlp',
		example: 'http://127.0.0.1:3100',
		compression: 'gzip',
		// reject_old_samples_max_age and max_line_size: the rest of the request is stored, so sending it again repeats it
		maxEventAgeMs: 7 * 24 * HOUR,
		limits: { maxRecordBytes: 256_000 },
		renameAttributes: {},
	},
	newrelic: {
		title: 'New Relic',
		sites: {
			us: 'https://otlp.nr-data.net',
			eu: 'https://otlp.eu01.nr-data.net',
			fedramp: 'https://gov-otlp.nr-data.net',
		},
		example: 'https://otlp.nr-data.net',
		key: { header: 'api-key', variable: 'NEW_RELIC_LICENSE_KEY', value: 'a license key (ingest), no user key' },
		compression: 'gzip',
		maxEventAgeMs: 48 * HOUR,
		// what is above 128 kB of one value is cut off
		limits: { maxBatchBytes: 1_000_000, maxRecordBytes: 128_000 },
		renameAttributes: {},
	},
	honeycomb: {
		title: 'Honeycomb',
		sites: { us: 'https://api.honeycomb.io', eu: 'https://api.eu1.honeycomb.io' },
		example: 'https://api.honeycomb.io',
		key: { header: 'x-honeycomb-team', variable: 'HONEYCOMB_API_KEY', value: 'an ingest key' },
		compression: 'gzip',
		limits: {},
		renameAttributes: {},
	},
	dynatrace: {
		title: 'Dynatrace',
		path: '/api/v2/otlp',
		example: 'https://<environment>.live.dynatrace.com',
		key: {
			header: 'authorization',
			scheme: 'Api-Token',
			variable: 'DT_API_TOKEN',
			value: 'an access token with the scope logs.ingest',
		},
		compression: 'gzip',
		maxEventAgeMs: 24 * HOUR,
		limits: { maxBatchBytes: 10_000_000, maxRecordBytes: 10_000_000, maxRecords: 50_000 },
		renameAttributes: {},
	},
	'grafana-cloud': {
		title: 'Grafana Cloud',
		path: '/otlp',
		example: 'https://otlp-gateway-<zone>.grafana.net/otlp',
		key: {
			header: 'authorization',
			scheme: 'Basic',
			variable: 'GRAFANA_CLOUD_OTLP_AUTH',
			value: '<instance id>:<access policy token>',
		},
		compression: 'gzip',
		maxEventAgeMs: 7 * 24 * HOUR,
		limits: { maxRecordBytes: 256_000 },
		renameAttributes: {},
	},
	signoz: {
		title: 'SigNoz Cloud',
		sites: {
			us: 'https://ingest.us.signoz.cloud',
			eu: 'https://ingest.eu.signoz.cloud',
			in: 'https://ingest.in.signoz.cloud',
		},
		example: 'https://ingest.us.signoz.cloud',
		key: { header: 'signoz-ingestion-key', variable: 'SIGNOZ_INGESTION_KEY', value: 'an ingestion key' },
		compression: 'gzip',
		limits: {},
		renameAttributes: {},
	},
	openobserve: {
		title: 'OpenObserve',
		example: 'https://<host>/api/<organization>',
		key: { header: 'authorization', scheme: 'Basic', variable: 'OPENOBSERVE_AUTH', value: '<email>:<password>' },
		compression: 'gzip',
		// ZO_INGEST_ALLOWED_UPTO
		maxEventAgeMs: 5 * HOUR,
		limits: {},
		renameAttributes: {},
	},
} satisfies Record<string, Preset> as Record<string, Preset>;
