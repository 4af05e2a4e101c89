/** What we ship for Prometheus and Grafana asks only for metrics and labels that the process exports. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments, parse } from 'yaml';
import { alerts, expressions, panels, recorded } from './support/prometheus';
import { exported } from '../forwarder/server/serving';

const NAMES = /\b((?:audit_relay|process|nodejs)[a-z0-9_:]*)\b(?:\{([^}]*)\})?/g;
const LABELS = /\bby \(([^)]*)\)/g;
/** Those that Prometheus adds. */
const ADDED = new Set(['job', 'instance', 'le']);

function labelsOf(text: string): string[] {
	const matched = [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!);
	const grouped = [...text.matchAll(LABELS)].flatMap(([, list]) => list!.split(',').map((one) => one.trim()));
	return [...matched, ...grouped];
}

test('every metric and label of rules and dashboard is exported', async () => {
	const series = await exported();
	const known = new Set([...series.keys(), ...recorded().map(({ record }) => record!)]);
	const labels = new Set([...ADDED, ...[...series.values()].flatMap((some) => [...some])]);
	for (const { of, text } of [...expressions(), ...panels()]) {
		const names = [...text.matchAll(NAMES)].map(([, name]) => name!);
		expect({ of, names: names.length }).not.toEqual({ of, names: 0 });
		expect({ of, unknown: names.filter((name) => !known.has(name)) }).toEqual({ of, unknown: [] });
		expect({ of, unknown: labelsOf(text).filter((label) => !labels.has(label)) }).toEqual({ of, unknown: [] });
	}
});

test('every alert says what it is and what to do', () => {
	for (const { alert, labels, annotations } of alerts()) {
		expect({ alert, severity: labels?.['severity'] }).toEqual({
			alert,
			severity: expect.stringMatching(/^(critical|warning|info)$/) as string,
		});
		expect({ alert, says: Object.keys(annotations ?? {}) }).toEqual({ alert, says: ['summary', 'runbook'] });
	}
});

test('the ServiceMonitor finds the Service of the deployment, by its labels and its port', () => {
	const monitor = parse(readFileSync('deploy/prometheus/servicemonitor.yaml', 'utf8')) as {
		spec: { selector: { matchLabels: Record<string, string> }; endpoints: { port: string }[] };
	};
	for (const file of ['audit-relay.yaml', 'cluster.yaml']) {
		const documents = parseAllDocuments(readFileSync(`deploy/kubernetes/${file}`, 'utf8')).map(
			(one) => one.toJS() as { kind: string; metadata: { labels?: object }; spec: { ports?: { name: string }[] } },
		);
		const service = documents.find(({ kind }) => kind === 'Service')!;
		expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
		expect(service.spec.ports!.map(({ name }) => name)).toEqual(monitor.spec.endpoints.map(({ port }) => port));
	}
});
