/** What Compose and Kubernetes are told to run, run: the installed command, as that user, on a read-only root, with those mounts. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { freePort } from '../support/port';
import { until } from '../support/wait';
import { configs, keysOf, manifests, pointedAt, receivedEvents, recentEvents } from './deployed';
import { image } from './image';
import { installed, installLine } from './installed';
import { give, startContainer, type Container, type RunningContainer } from './sandboxed';

const CONTAINERFILE = readFileSync('deploy/container/Containerfile', 'utf8');
const built = image(CONTAINERFILE);

let opt: string;
let folder: string;
let sandbox: Sandbox;
let port: number;
let running: RunningContainer | undefined;

beforeAll(() => {
	opt = installed(installLine(CONTAINERFILE));
}, 120_000);
afterAll(() => rmSync(opt, { recursive: true }));

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-container-'));
	chmodSync(folder, 0o755);
	sandbox = await startSandbox({ receiver: true, newestAt: Date.now() });
	port = await freePort();
});
afterEach(async () => {
	await running?.stop();
	running = undefined;
	await sandbox.stop();
	rmSync(folder, { recursive: true });
});

/** A folder that is mounted; its files and their mode. */
function volume(name: string, files: Record<string, string>, mode: number, uid: number, gid: number): string {
	const path = join(folder, name);
	mkdirSync(path, { mode: 0o755 });
	for (const [file, text] of Object.entries(files)) {
		writeFileSync(join(path, file), text);
		chmodSync(join(path, file), mode);
	}
	give(path, uid, gid);
	return path;
}

const keyFiles = () => Object.fromEntries(Object.entries(keysOf(sandbox)).map(([name, key]) => [name, `${key}\n`]));

/** The same for both: everything arrives, nothing but the state is written, the probes answer, and it stops in good order. */
async function fulfils(
	container: Container,
	stateFolder: string,
	probes: Record<string, () => Promise<boolean>>,
): Promise<void> {
	running = startContainer(opt, container);
	const { output, exec } = running;
	expect(recentEvents(sandbox).length).toBeGreaterThan(40);
	const arrived = () => receivedEvents(sandbox).length >= recentEvents(sandbox).length;
	await until('every event has arrived', arrived, 60_000, output);
	expect(receivedEvents(sandbox).sort()).toEqual(recentEvents(sandbox).sort());
	for (const [name, probe] of Object.entries(probes)) await until(`${name} is content`, probe, 30_000, output);

	const state = statSync(join(stateFolder, 'audit-relay.db'));
	if (process.getuid!() === 0) expect(state.uid).toBe(container.user);
	expect(state.mode & 0o777).toBe(0o600);
	// the status server warns of an address that is not loopback, and nothing else is worth a word
	const warnings = output()
		.split('\n')
		.filter((line) => /"level":"(warn|error)"/.test(line));
	expect(warnings).toEqual([expect.stringMatching(/0\.0\.0\.0/)]);
	for (const key of Object.values(keysOf(sandbox))) expect(output()).not.toContain(key);

	const status = await exec([...built.entrypoint, 'status', '--config', '/etc/audit-relay/audit-relay.yaml']);
	expect(status).toMatchObject({ code: 0, output: expect.stringMatching(/^collector /m) as string });
	const attempts = await exec([
		'/bin/sh',
		'-c',
		'for place in / /opt /etc/audit-relay /usr /tmp; do touch $place/x; done; id -u; grep CapEff /proc/self/status',
	]);
	expect(attempts.output.match(/Read-only file system|Permission denied|No such file/g)).toHaveLength(5);
	expect(attempts.output).toMatch(new RegExp(`^${container.user}$`, 'm'));
	expect(attempts.output).toMatch(/CapEff:\s+0+$/m);

	expect(await running.stop()).toBe(0);
	running = undefined;
}

test('Compose: as compose.yaml and the Containerfile say', async () => {
	const { services } = parse(readFileSync('deploy/container/compose.yaml', 'utf8')) as {
		services: Record<string, ComposeService>;
	};
	const service = services['audit-relay']!;
	expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], user: built.user });
	const uid = Number(built.user.split(':')[0]);
	const [{ target: configTarget }] = service.configs;
	const [, stateTarget] = service.volumes[0]!.split(':');
	expect(stateTarget).toBe(built.volume);

	const config = volume('config', { 'audit-relay.yaml': pointedAt(sandbox, configs.container(), port) }, 0o644, 0, 0);
	const keys = volume('keys', keyFiles(), 0o400, uid, uid);
	const state = volume('state', {}, 0, uid, uid);
	chmodSync(state, 0o700);
	const mounts = [
		{ source: join(config, 'audit-relay.yaml'), target: configTarget },
		...service.secrets.map((name) => ({ source: join(keys, name), target: `/run/secrets/${name}` })),
		{ source: state, target: stateTarget!, writable: true },
	];
	const container = { command: [...built.entrypoint, ...built.cmd], user: uid, workdir: built.workdir, mounts };
	// the image's own health check, at the port of this test
	const healthcheck = built.healthcheck.map((word) => word.replace(':9464', `:${port}`));
	await fulfils(container, state, { healthcheck: async () => (await running!.exec(healthcheck)).code === 0 });
	// and it notices when nobody answers
	expect((await startContainer(opt, { ...container, command: healthcheck }).exec(healthcheck)).code).toBe(1);
}, 150_000);

interface ComposeService {
	user: string;
	volumes: string[];
	configs: [{ target: string }];
	secrets: string[];
}

test('Kubernetes: as the StatefulSet says', async () => {
	const set = manifests().find(({ kind }) => kind === 'StatefulSet') as unknown as StatefulSet;
	const pod = set.spec.template.spec;
	const [relay] = pod.containers;
	const { runAsUser: uid, runAsGroup: gid, fsGroup } = pod.securityContext;
	const mount = (name: string) => relay.volumeMounts.find((one) => one.name === name)!.mountPath;

	// as kubelet lays volumes out: files of Secrets and ConfigMaps are root's, and fsGroup may read them
	const sources: Record<string, string> = {
		config: volume('config', { 'audit-relay.yaml': pointedAt(sandbox, configs.kubernetes(), port) }, 0o644, 0, fsGroup),
		keys: volume('keys', keyFiles(), 0o440, 0, fsGroup),
		state: volume('state', {}, 0, 0, fsGroup),
	};
	chmodSync(sources['state']!, 0o2770);
	expect(relay.volumeMounts.map(({ name }) => name).sort()).toEqual(Object.keys(sources).sort());
	const container = {
		command: [...built.entrypoint, ...relay.args],
		user: uid,
		workdir: relay.workingDir,
		mounts: Object.entries(sources).map(([name, source]) => ({
			source,
			target: mount(name),
			writable: name === 'state',
		})),
	};
	expect([gid, fsGroup]).toEqual([uid, uid]);
	const probe =
		({ httpGet }: Probe) =>
		async () =>
			(await fetch(`http://127.0.0.1:${port}${httpGet.path}`).catch(() => undefined))?.ok === true;
	const asked = (host: string) => async () => (await statusOf('/metrics', host)) === 200;
	await fulfils(container, sources['state']!, {
		"the pod's address": asked('10.42.0.7:9464'),
		'the name of its Service': asked('audit-relay.default.svc:9464'),
		'no other name': async () => (await statusOf('/metrics', 'evil.example')) === 421,
		liveness: probe(relay.livenessProbe),
		readiness: probe(relay.readinessProbe),
	});
}, 150_000);

/** Of the status server, asked by this name or address. */
function statusOf(path: string, host: string): Promise<number | undefined> {
	return new Promise((resolve) => {
		request({ host: '127.0.0.1', port, path, headers: { host } }, (reply) => resolve(reply.resume().statusCode))
			.on('error', () => resolve(undefined))
			.end();
	});
}

interface Probe {
	httpGet: { path: string };
}
interface StatefulSet {
	spec: {
		template: {
			spec: {
				securityContext: { runAsUser: number; runAsGroup: number; fsGroup: number };
				containers: [
					{
						args: string[];
						workingDir: string;
						volumeMounts: { name: string; mountPath: string }[];
						livenessProbe: Probe;
						readinessProbe: Probe;
					},
				];
			};
		};
	};
}
