/** The files that run Audit Relay, against each other: keys, paths, ports, versions. `npm run test:e2e -- deploy` runs them. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { load } from '../forwarder/config/scratch';
import { socketPath } from '../../forwarder/server/socket';
import { scratchFolder } from '../support/scratch';

const read = (path: string) => readFileSync(`deploy/${path}`, 'utf8');
const { version } = JSON.parse(readFileSync('forwarder/package.json', 'utf8')) as { version: string };

const unit = read('systemd/audit-relay.service');
const containerfile = read('container/Containerfile');
const compose = parse(read('container/compose.yaml')) as {
	services: Record<string, { image: string; secrets: string[]; volumes: string[]; ports: string[] }>;
	secrets: Record<string, unknown>;
};
const service = compose.services['audit-relay']!;

const manifests = parseAllDocuments(read('kubernetes/audit-relay.yaml')).map((one) => one.toJS());
const manifest = (kind: string) => manifests.find((one) => one.kind === kind);
const set = manifest('StatefulSet').spec;
const pod = set.template.spec;
const container = pod.containers[0];
const mountPath = (name: string): string => container.volumeMounts.find((one: any) => one.name === name).mountPath;

const shared = parseAllDocuments(read('kubernetes/cluster.yaml')).map((one) => one.toJS());
const sharedBy = (kind: string) => shared.find((one) => one.kind === kind);

const setting = (name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);

const deployments = {
	systemd: {
		config: read('systemd/audit-relay.yaml'),
		keys: setting('LoadCredential').map((one) => `/run/credentials/audit-relay.service/${one.split(':')[0]}`),
		state: `/var/lib/${setting('StateDirectory')[0]}`,
		listen: '127.0.0.1:9464',
	},
	compose: {
		config: read('container/audit-relay.yaml'),
		keys: service.secrets.map((name) => `/run/secrets/${name}`),
		state: service.volumes[0]!.split(':')[1]!,
		listen: `0.0.0.0:${service.ports[0]!.split(':').at(-1)}`,
	},
	kubernetes: {
		config: manifest('ConfigMap').data['audit-relay.yaml'] as string,
		keys: ['arpio', 'arcus', 'auditapi'].map((name) => `${mountPath('keys')}/${name}`),
		state: mountPath('state'),
		listen: `0.0.0.0:${container.ports[0].containerPort}`,
	},
};

describe.each(Object.entries(deployments))('%s', (_name, { config, keys, state, listen }) => {
	test('mounts exactly the keys that its configuration reads, and a writable folder for its state', () => {
		const files = [...config.matchAll(/\$\{file:([^}]+)\}/g)].map(([, path]) => path!);
		expect(files.sort()).toEqual([...keys].sort());
		expect(dirname((parse(config) as { state: { path: string } }).state.path)).toBe(state);
		expect((parse(config) as { server: { listen: string } }).server.listen).toBe(listen);
	});

	test('its configuration is accepted as it is, without a warning', async () => {
		const folder = scratchFolder();
		for (const path of keys) {
			const file = join(folder, path);
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, 'id:secret\n', { mode: 0o600 });
		}
		const { warnings, sources } = await load(config.replaceAll('${file:/', `\${file:${folder}/`));
		expect(warnings).toEqual([]);
		expect(sources).toHaveLength(3);
	});
});

test('the status server knows the names that Services and other containers have for it', () => {
	const hosts = (config: string) => (parse(config) as { server: { hosts?: string[] } }).server.hosts;
	const name: string = manifest('Service').metadata.name;
	expect(hosts(deployments.kubernetes.config)).toEqual([
		name,
		`${name}.default.svc`,
		`${name}.default.svc.cluster.local`,
	]);
	expect(hosts(deployments.compose.config)).toEqual(['audit-relay']);
});

test('all of them run the version of the package', () => {
	const app = read('splunk/audit_relay/default/app.conf');
	const versions = [
		/--tag .*:(\S+)/.exec(containerfile)![1],
		...['README.md', 'forwarder/README.md', 'deploy/systemd/README.md'].map(
			(file) => /audit-relay-(\d[\d.]*\d)\.tgz/.exec(readFileSync(file, 'utf8'))![1],
		),
		service.image.split(':')[1],
		(container.image as string).split(':')[1],
		...[...app.matchAll(/^version = (.*)$/gm)].map(([, one]) => one),
	];
	expect(versions).toEqual(Array(8).fill(version));
});

test('the Collector beside it is the one that the configuration was tried with', () => {
	const tried = parse(readFileSync('test/e2e/collector/manifest.yaml', 'utf8')) as { dist: { version: string } };
	expect(compose.services['collector']!.image.split(':')[1]).toBe(tried.dist.version);
});

test('none of them ends it before it has shipped what it can after SIGTERM', () => {
	const grace = 10;
	expect(setting('ExecStart')[0]).toMatch(`--grace ${grace}s`);
	for (const seconds of [
		parseInt(setting('TimeoutStopSec')[0]!),
		parseInt((service as unknown as { stop_grace_period: string }).stop_grace_period),
		pod.terminationGracePeriodSeconds as number,
	]) {
		expect(seconds).toBeGreaterThan(grace);
	}
});

test('systemd tries nothing again that cannot help', () => {
	expect([setting('Restart'), setting('RestartPreventExitStatus')]).toEqual([['on-failure'], ['2']]);
});

test('the objects in Kubernetes belong together', () => {
	const labels = set.template.metadata.labels;
	expect([
		set.selector.matchLabels,
		manifest('Service').spec.selector,
		manifest('NetworkPolicy').spec.podSelector.matchLabels,
	]).toEqual([labels, labels, labels]);
	expect([set.replicas, set.serviceName]).toEqual([1, manifest('Service').metadata.name]);
	const volumes = [...pod.volumes, ...set.volumeClaimTemplates.map((one: any) => one.metadata)].map(
		(one: any) => one.name as string,
	);
	expect(container.volumeMounts.map((one: any) => one.name as string).sort()).toEqual(volumes.sort());
	expect(pod.volumes[0].configMap.name).toBe(manifest('ConfigMap').metadata.name);
	const { name } = container.ports[0];
	for (const port of [
		container.livenessProbe.httpGet.port,
		container.readinessProbe.httpGet.port,
		manifest('Service').spec.ports[0].targetPort,
		manifest('NetworkPolicy').spec.ingress[0].ports[0].port,
	]) {
		expect(port).toBe(name);
	}
	expect(container.args.at(-1)).toBe(`${mountPath('config')}/audit-relay.yaml`);
	expect(container.workingDir).toBe(mountPath('state'));
});

describe('several in Kubernetes', () => {
	const spec = sharedBy('Deployment').spec;
	const worker = spec.template.spec.containers[0];
	const config = sharedBy('ConfigMap').data['audit-relay.yaml'] as string;

	test('are as the one is, but for the state', () => {
		const { volumeMounts, workingDir: _, ...one } = container;
		const { volumeMounts: mounts, ...other } = worker;
		expect(other).toEqual(one);
		const isOwn = ({ name }: any) => name === 'control';
		expect(mounts.filter((one: any) => !isOwn(one))).toEqual(volumeMounts.filter(({ name }: any) => name !== 'state'));
		expect(spec.template.spec.volumes.filter((one: any) => !isOwn(one))).toEqual(pod.volumes);
		expect(spec.template.metadata).toEqual(set.template.metadata);
		expect(sharedBy('Service')).toEqual(manifest('Service'));
		const egress = sharedBy('NetworkPolicy').spec.egress;
		expect(egress.slice(0, -1)).toEqual(manifest('NetworkPolicy').spec.egress);
		expect(egress.at(-1)).toEqual({ ports: [{ port: 5432, protocol: 'TCP' }] });
		const { state: __, ...rest } = parse(config) as Record<string, unknown>;
		const { state: ___, ...alone } = parse(deployments.kubernetes.config) as Record<string, unknown>;
		expect(rest).toEqual(alone);
	});

	test('have a place for the socket of commands, which lies in the temporary folder when there is no state file', () => {
		expect(worker.securityContext.readOnlyRootFilesystem).toBe(true);
		const path = socketPath({ configPath: worker.args.at(-1), env: {} });
		const at = worker.volumeMounts.find(({ mountPath }: any) => path.startsWith(`${mountPath}/`));
		const { emptyDir } = spec.template.spec.volumes.find(({ name }: any) => name === at?.name) ?? {};
		expect([at?.readOnly, emptyDir]).toEqual([undefined, expect.objectContaining({ medium: 'Memory' })]);
	});

	test('lose one at a time, and the next comes before it goes', () => {
		const labels = { matchLabels: spec.template.metadata.labels };
		expect(spec).toMatchObject({
			replicas: 3,
			selector: labels,
			strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
		});
		expect(sharedBy('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1, selector: labels });
		expect(spec.template.spec.topologySpreadConstraints[0].labelSelector).toEqual(labels);
		expect(spec.template.spec.terminationGracePeriodSeconds).toBe(pod.terminationGracePeriodSeconds);
	});

	test('read the database and its keys from the same Secret', async () => {
		const folder = scratchFolder();
		const keys = { arpio: 'id:secret', arcus: 'key', auditapi: 'key', 'state-url': 'postgres://relay:word@db/relay' };
		const place = join(folder, mountPath('keys'));
		mkdirSync(place, { recursive: true });
		for (const [name, text] of Object.entries(keys)) writeFileSync(join(place, name), `${text}\n`, { mode: 0o600 });
		const { warnings, database } = await load(config.replaceAll('${file:/', `\${file:${folder}/`));
		expect(warnings).toEqual([]);
		expect(await database!.url.read()).toBe(keys['state-url']);
	});
});
