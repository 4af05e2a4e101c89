/**
 * Receivers that need more than a URL. One entry per receiver; facts from the receivers' own documentation.
 */
import type { Compression, DestinationConfig } from './types';

export interface Preset {
	title: string;
	/** Value of `site` when none is given. */
	defaultSite: string;
	/** Sites that have an OTLP intake. */
	sites: readonly string[];
	/** Complete URL. */
	endpoint(site: string): string;
	/** Header that carries the key, and the variable that holds it by custom. */
	keyHeader: { name: string; variable: string };
	compression: Compression;
	/** The receiver silently drops events older than this. */
	maxEventAgeMs?: number;
	limits: DestinationConfig['limits'];
	renameAttributes: Record<string, string>;
}

const HOUR = 3_600_000;

export const presets = {
	datadog: {
		title: 'Datadog',
		defaultSite: 'datadoghq.com',
		// US1-FED (ddog-gov.com) has no OTLP intake
		sites: [
			'datadoghq.com',
			'us3.datadoghq.com',
			'us5.datadoghq.com',
			'ap1.datadoghq.com',
			'ap2.datadoghq.com',
			'datadoghq.eu',
		],
		endpoint: (site) => `https://otlp.${site}/v1/logs`,
		keyHeader: { name: 'dd-api-key', variable: 'DD_API_KEY' },
		compression: 'gzip',
		maxEventAgeMs: 18 * HOUR,
		// a log above 1 MB is cut off although the answer says 2xx
		limits: { maxBatchBytes: 5_000_000, maxRecordBytes: 1_000_000, maxRecords: 1000 },
		// with RUM forwarding on, a log with `session.id` goes to RUM and never appears as a log
		renameAttributes: { 'session.id': 'audit.session.id' },
	},
} satisfies Record<string, Preset> as Record<string, Preset>;
