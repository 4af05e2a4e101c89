/** Receivers of events, and of the process's own metrics and logs. */
import * as z from 'zod';
import { HEADER_NAME } from '../headers';
import { presets } from '../presets';
import { count, duration, LONGEST, LONGEST_TIMEOUT, name, text, Tls } from './values';

export const Destination = z.strictObject({
	name: name.describe('Name of this destination: in logs, metrics and in `destinations` of sources.'),
	endpoint: text
		.optional()
		.describe('OTLP/HTTP base URL; /v1/logs is appended when it is missing. Presets with a site do not need it.'),
	preset: z
		.enum(Object.keys(presets) as [string, ...string[]])
		.optional()
		.describe('A known receiver: knows its addresses, key header, limits and event age. See docs/destinations.md.'),
	site: text
		.optional()
		.describe('Site or region of the preset, for example datadoghq.eu (datadog) or eu (newrelic, honeycomb, signoz).'),
	headers: z
		.record(z.string().regex(HEADER_NAME), z.string())
		.optional()
		.describe('Request headers. Values of secret headers must be references: "${env:NAME}" or "${file:/path}".'),
	compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('Encoding of requests. Default: gzip.'),
	maxEventAge: duration('1ms', LONGEST)
		.optional()
		.describe(
			'Older events become dead letters instead of being lost silently by the receiver. Default: by preset, else no limit.',
		),
	onTooOld: z
		.enum(['deadLetter', 'restamp'])
		.default('deadLetter')
		.describe(
			'What becomes of events older than maxEventAge. restamp: sent with the time of their receipt, their own one in the attribute audit.event.time. Default: deadLetter.',
		),
	timeout: duration('1ms', LONGEST_TIMEOUT)
		.optional()
		.describe(`Time for one request, up to ${LONGEST_TIMEOUT}. Default: 10s; with splunk-collector 60s.`),
	allowInsecure: z.boolean().default(false).describe('Allow an http:// endpoint on another host.'),
	tls: Tls.describe('Certificates for this endpoint.'),
	lenientResponse: z
		.boolean()
		.default(false)
		.describe(
			'Accept a 2xx although its body is not an OTLP answer (never HTML). Only for receivers whose maker documents that.',
		),
	inFlight: count(1, 64).default(4).describe('Batches sent at the same time. Default: 4.'),
});

/** What says which receiver it is belongs to the destination. */
export const DestinationDefaults = Destination.omit({ name: true, endpoint: true, preset: true, site: true }).partial();

export const Telemetry = Destination.pick({
	headers: true,
	compression: true,
	timeout: true,
	allowInsecure: true,
	tls: true,
}).extend({
	endpoint: text.describe('OTLP/HTTP base URL; /v1/metrics and /v1/logs are appended.'),
	metrics: z.boolean().default(true).describe('Whether the metrics are sent. Default: true.'),
	logs: z.boolean().default(true).describe('Whether the lines of the log are sent. Default: true.'),
	interval: duration('1s', '1h')
		.prefault('60s')
		.describe('Time between two sendings of the metrics, 1s to 1h. Default: 60s.'),
});

export type DestinationInput = z.infer<typeof Destination>;

export type TelemetryInput = z.output<typeof Telemetry>;
