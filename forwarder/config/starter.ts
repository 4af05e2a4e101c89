/** The commented configuration that `audit-relay init` writes. A test loads it, also with every example switched on. */

import type { Provider } from '../../core/provider';
import { allProviders } from '../../providers/registry';

const MORE = [
	'    start: 7d # only for the first start: an age, an instant like 2026-01-31T00:00:00Z, or now',
	'    # pollInterval: 60s',
	'    # lateness: 10m # how late an event may turn up; that much is read again in every poll',
	'    # rateLimit: { requestsPerMinute: 60, maxConcurrent: 2 }',
	'    # reconcile: { every: 1h, span: 48h } # a second look at the past, for events that were reported later still',
	'    # destinations: [collector] # default: all',
	'    filter:',
	'      dropReads: true # drop the events that our own polling causes',
	'    # redact: [requestInfo.query.nextToken] # replaced by [REDACTED] before anything is stored',
];

export const STARTER = `# Audit Relay configuration. \`audit-relay check\` tries it out, \`audit-relay run\` starts it.
#
# Secrets are never in this file. Write "\${env:NAME}" for an environment variable or "\${file:/path}" for a file;
# both are read again when they change, so keys can be rotated without a restart.

state:
  path: ./audit-relay.db # positions, and events that are not delivered yet

server:
  listen: 127.0.0.1:9464 # /livez, /readyz, /metrics and a status page; \`enabled: false\` switches it off

destinations:
  # Any OTLP/HTTP receiver: an OpenTelemetry Collector, Splunk through a Collector, Grafana, New Relic …
  - name: collector
    endpoint: http://127.0.0.1:4318 # /v1/logs is appended; http:// is refused for other hosts unless allowInsecure: true
    # headers: { authorization: "Bearer \${env:OTLP_TOKEN}" }
    # compression: gzip # none, gzip or zstd
    # maxEventAge: 7d # older events become dead letters, for receivers that drop them silently

  # A preset knows addresses, key header, limits and age limit of its receiver: datadog, splunk-collector,
  # splunk-otlp-addon, elastic, loki, newrelic, honeycomb, dynatrace, grafana-cloud, signoz, openobserve.
  # - name: datadog
  #   preset: datadog
  #   site: datadoghq.com # datadoghq.eu, us3.datadoghq.com, us5.datadoghq.com, ap1.datadoghq.com, ap2.datadoghq.com
  #   headers: { dd-api-key: "\${env:DD_API_KEY}" }

sources:
${examples()}`;

/** Every provider that is built in: the first one switched on, with what can be set besides. */
function examples(): string {
	const [first, ...others] = allProviders();
	const commented = others.map((provider) => example(provider).map((line) => line.replace(/^ {2}/, '  # ')));
	return [[...example(first!), ...MORE], ...commented].map((lines) => lines.join('\n')).join('\n\n');
}

function example(provider: Provider): string[] {
	const settings = Object.entries(provider.settings).map(([key, setting]) => {
		const { example = setting.default ?? setting.values?.[0] ?? '…' } = setting;
		// a variable by its form: in capitals
		const value = /^[A-Z][A-Z0-9_]+$/.test(example) ? `"\${env:${example}}"` : example;
		return `    ${setting.required ? '' : '# '}${key}: ${value} # ${setting.description}`;
	});
	return [`  - name: ${provider.name}`, `    provider: ${provider.name}`, ...settings];
}
