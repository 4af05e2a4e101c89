/** Rules and dashboard on a real Prometheus that scrapes a real process. */
import '../postgres/installed';
import { start, type Running } from '../../support/command';
import { startPostgres, type Postgres } from '../../support/postgres';
import { scene, type Scene } from '../../support/scene';
import { alerts, expressions, panels, type Of, type Query } from '../../deploy/support/prometheus';
import { freePort } from '../support/port';
import { until } from '../support/wait';
import { promtool, startPrometheus, type Prometheus } from './prometheus';

let here: Scene;
let daemon: Running | undefined;
let server: Postgres | undefined;
let prometheus: Prometheus | undefined;

async function scraped(edit: (yaml: string) => string = (yaml) => yaml): Promise<Prometheus> {
	const address = `127.0.0.1:${await freePort()}`;
	const told = "notifications: [{ name: ours, type: webhook, url: '${env:HOOK_URL}' }]";
	here.options.env['HOOK_URL'] = 'http://127.0.0.1:1/hook';
	here.configure((yaml) => edit(`${told}\n${yaml.replace('enabled: false', `listen: ${address}`)}`));
	// some requests fail, so that there is something to tell of
	let requests = 0;
	here.sandbox.arpio.server.setFaults(() => (++requests % 3 === 0 ? { kind: 'status', status: 500 } : undefined));
	daemon = start(['run'], here.options);
	await daemon.says('status server listens');
	return (prometheus = await startPrometheus([address]));
}

beforeEach(async () => void (here = await scene({ live: { eventsPerSecond: 5 } })));
afterEach(async () => {
	await prometheus?.stop();
	daemon?.process.kill('SIGTERM');
	await daemon?.finished;
	await server?.end();
	await here.end();
	prometheus = daemon = server = undefined;
});

test('promtool: the rules are right, and say what they should in the stories that are told of them', () => {
	expect(promtool('check', 'rules', 'deploy/prometheus/rules.yaml')).toContain('SUCCESS');
	expect(promtool('test', 'rules', 'deploy/prometheus/rules.test.yaml')).toContain('SUCCESS');
	expect(promtool('check', 'config', '--syntax-only', 'deploy/prometheus/scrape.yaml')).toContain('SUCCESS');
});

/** What an alert looks at, whether or not it is so: the parts of its expression, without what they are compared with. */
function looked({ of, text }: Query): Query[] {
	const absent = /^absent\((.*)\)$/.exec(text.trim());
	if (absent) return [{ of, text: absent[1]! }];
	const parts = text.split(/\band\b/).map((part) => part.trim());
	return parts.map((part) => ({ of, text: part.replace(/\s(==|>|<)\s(?![^(]*\)).*$/s, '') }));
}

/** As Grafana fills them in. */
const filled = (text: string) =>
	text.replaceAll('$job', '.*').replaceAll('$instance', '.*').replaceAll('$__rate_interval', '5s');

/** Waits until each query finds something. */
async function allAnswered(from: Prometheus, of: Of): Promise<number> {
	const isAlert = new Set(alerts().map(({ alert }) => alert));
	const asked = [
		...panels(of).map(({ of, text }) => ({ of, text: filled(text) })),
		...expressions(of).flatMap((one) => (isAlert.has(one.of) ? looked(one) : [one])),
	];
	let silent: Query[] = asked;
	await until(
		'every query finds something',
		async () => {
			const found = await Promise.all(asked.map(async (one) => ({ one, data: await from.query(one.text) })));
			silent = found.filter(({ data }) => data.length === 0).map(({ one }) => one);
			return silent.length === 0;
		},
		20_000,
		() => JSON.stringify(silent, undefined, 2),
	);
	return asked.length;
}

test('every query of dashboard and rules finds something, and what is recorded is what happens', async () => {
	const from = await scraped();
	expect(await allAnswered(from, 'process')).toBeGreaterThan(50);
	await until(
		'new events are recorded',
		async () => (await from.query('sum(audit_relay:events_fresh:rate5m) > 0')).length > 0,
	);
});

test('those for a cluster too, with a worker on a database', async () => {
	server = await startPostgres();
	here.options.env['STATE_URL'] = server.url();
	const from = await scraped((yaml) => yaml.replace('path: ./audit-relay.db', 'url: "${env:STATE_URL}"'));
	expect(await allAnswered(from, 'cluster')).toBeGreaterThan(7);
});
