/** The queries of deploy/prometheus and deploy/grafana. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Rule {
	alert?: string;
	record?: string;
	expr: string;
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
}

interface Panel {
	title: string;
	targets?: { expr: string }[];
}

/** One query, and where it stands. */
export interface Query {
	of: string;
	text: string;
}

interface Group {
	name: string;
	rules: Rule[];
}

const groups = () => (parse(readFileSync('deploy/prometheus/rules.yaml', 'utf8')) as { groups: Group[] }).groups;
const rules = (): Rule[] => groups().flatMap(({ rules }) => rules);

export const alerts = () => rules().filter(({ alert }) => alert !== undefined);
export const recorded = () => rules().filter(({ record }) => record !== undefined);

/** Those of a process of its own, those of workers that share a database, or all. */
export type Of = 'process' | 'cluster';

export function expressions(of?: Of): Query[] {
	const some = groups().filter(({ name }) => of === undefined || name.endsWith('cluster') === (of === 'cluster'));
	return some.flatMap(({ rules }) => rules).map(({ alert, record, expr }) => ({ of: (alert ?? record)!, text: expr }));
}

export function panels(of?: Of): Query[] {
	const text = readFileSync('deploy/grafana/audit-relay.json', 'utf8');
	const all = (JSON.parse(text) as { panels: Panel[] }).panels;
	const cluster = all.findIndex(({ title }) => title.startsWith('Cluster'));
	return all
		.filter((_, at) => of === undefined || at >= cluster === (of === 'cluster'))
		.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ of: title, text: expr })));
}
