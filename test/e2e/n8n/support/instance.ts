/**
 * A real n8n in a user folder of its own, with our pack installed and no call to the outside.
 *
 *   installN8n();                                     // at the top of the file; `scene` (scene.ts) does it and more
 *   const n8n = createInstance();                     // or { version: LAST_1 }
 *   n8n.importCredentials(credentialsFor(sandbox));   // credentials.ts: arpioApi, arcusErpApi, auditApi, otlpApi
 *   n8n.importWorkflow(manual('w1', node(…)));        // workflow.ts
 *   const run = await n8n.execute('w1');              // the command line; run.items('Arpio') are what the node gave
 *   const server = await n8n.start();                 // server.ts: REST with an owner signed in, stop, kill
 *   await n8n.end();                                  // ends a server that still runs, removes the folder
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/port';
import { startProgram, type Program } from '../../support/program';
import { readRun, type Run } from './run';
import { installed, NODE } from '../../support/installed';
import { installPack, unpackedPack } from './pack';
import { startServer, type Server } from './server';
import type { Credential } from './credentials';
import type { Workflow } from './workflow';

export const CURRENT = '2.41.1';
/** The last of n8n 1. */
export const LAST_1 = '1.123.81';

export interface Instance {
	/** N8N_USER_FOLDER. */
	readonly folder: string;
	/** Folder of the installed n8n, to load libraries of its own from. */
	readonly program: string;
	/** `n8n <args>`; rejects when it fails. Resolves with stdout. */
	command(...args: string[]): Promise<string>;
	importCredentials(credentials: readonly Credential[]): Promise<void>;
	importWorkflows(...workflows: readonly Workflow[]): Promise<void>;
	/** Runs a workflow that begins with a manual trigger. Resolves also when the run failed. */
	execute(id: string): Promise<Run>;
	/** Descriptions of all node types that n8n knows. */
	nodeTypes(): Promise<{ name: string; [field: string]: unknown }[]>;
	/** Activates without a server: triggers poll when it starts. */
	publish(id: string): Promise<void>;
	/** One at a time. */
	start(env?: Record<string, string>): Promise<Server>;
	/** In queue mode: one more process that runs executions. */
	startWorker(): Promise<Program>;
	end(): Promise<void>;
}

export interface InstanceOptions {
	readonly version?: string;
	/** Further environment, e.g. the durable poll engine. */
	readonly env?: Record<string, string>;
	/** Default: a temporary one, which `end` removes. */
	readonly folder?: string;
	/** Folders of unpacked node packs. Default: ours with all nodes. */
	readonly packs?: readonly string[];
}

/** Folder of n8n. Call it at the top of a test file: the first time it takes longer than a hook may. */
export function installN8n(version = CURRENT): string {
	return installed('n8n', version, ['sqlite3']);
}

export function createInstance({ version = CURRENT, env = {}, folder: given, packs }: InstanceOptions = {}): Instance {
	const program = installN8n(version);
	const folder = given ?? mkdtempSync(join(tmpdir(), 'audit-relay-n8n-'));
	mkdirSync(folder, { recursive: true });
	for (const pack of packs ?? [unpackedPack()]) installPack(folder, pack);
	const bin = join(program, 'bin', 'n8n');
	const environment = { ...quiet(folder, version), ...env };
	let server: Server | undefined;
	const workers: Program[] = [];
	let files = 0;

	async function attempt(args: readonly string[]): Promise<Ended> {
		const broker = String(await freePort());
		return ended([bin, ...args], { ...environment, N8N_RUNNERS_BROKER_PORT: broker });
	}
	async function command(...args: string[]): Promise<string> {
		const { code, stdout, stderr } = await attempt(args);
		if (code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${code}\n${(stdout + stderr).slice(-4000)}`);
		return stdout;
	}
	async function importing(what: 'credentials' | 'workflow', content: unknown): Promise<void> {
		const path = join(folder, `${what}-${files++}.json`);
		writeFileSync(path, JSON.stringify(content));
		await command(`import:${what}`, `--input=${path}`);
		rmSync(path);
	}
	return {
		folder,
		program,
		command,
		importCredentials: (credentials) => importing('credentials', credentials),
		importWorkflows: (...workflows) => importing('workflow', workflows),
		execute: async (id) => {
			const { stdout, stderr } = await attempt(['execute', `--id=${id}`, '--rawOutput']);
			return readRun(stdout, stderr);
		},
		nodeTypes: async () => {
			const path = join(folder, 'node-types.json');
			await command('export:nodes', `--output=${path}`);
			return JSON.parse(readFileSync(path, 'utf8')) as { name: string }[];
		},
		publish: async (id) => void (await command('publish:workflow', `--id=${id}`)),
		start: async (more = {}) => {
			server = await startServer({ bin, program, env: { ...environment, ...more } });
			return server;
		},
		startWorker: async () => {
			const ports = { N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
			const ready = (output: string) => output.includes('n8n worker is now ready');
			const worker = await startProgram(NODE, [bin, 'worker'], { ...environment, ...ports }, ready);
			workers.push(worker);
			return worker;
		},
		end: async () => {
			await server?.stop();
			await Promise.all(workers.map((worker) => worker.stop()));
			if (!given) rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** No request leaves the machine, and nothing but our pack is new. */
function quiet(folder: string, version: string): Record<string, string> {
	return {
		PATH: process.env['PATH'] ?? '',
		HOME: folder,
		N8N_USER_FOLDER: folder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_ENCRYPTION_KEY: 'test',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		// n8n 1 has no such module
		...(!version.startsWith('1.') && { N8N_DISABLED_MODULES: 'mcp-registry' }),
		N8N_SECURE_COOKIE: 'false',
		GENERIC_TIMEZONE: 'UTC',
		TZ: 'UTC',
	};
}

interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

function ended(args: readonly string[], env: Record<string, string>): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(NODE, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, stdout, stderr }));
	});
}
