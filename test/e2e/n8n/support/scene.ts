/** One n8n and one sandbox for a test file: `const real = scene();` at its top. */
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../../sandbox/scenario';
import { credentialsFor, type Credential } from './credentials';
import { createInstance, installN8n, type Instance, type InstanceOptions } from './instance';
import type { Run } from './run';
import { manual, type Step } from './workflow';

export interface Scene {
	readonly sandbox: Sandbox;
	readonly n8n: Instance;
	/** Runs these nodes behind a manual trigger. */
	run(...steps: readonly Step[]): Promise<Run>;
	/** The same for several workflows, which is quicker than one after the other. */
	runEach(...flows: readonly (readonly Step[])[]): Promise<Run[]>;
}

export interface SceneOptions extends InstanceOptions {
	readonly sandbox?: SandboxOptions;
	/** Besides those for the sandbox. */
	readonly credentials?: (sandbox: Sandbox) => readonly Credential[];
}

export function scene({ sandbox: options, credentials, ...instance }: SceneOptions = {}): Scene {
	installN8n(instance.version);
	let sandbox: Sandbox | undefined;
	let n8n: Instance | undefined;
	let runs = 0;

	beforeAll(async () => {
		sandbox = await startSandbox({ receiver: true, ...options });
		n8n = createInstance(instance);
		await n8n.importCredentials([...credentialsFor(sandbox), ...(credentials?.(sandbox) ?? [])]);
	});
	afterAll(async () => {
		await n8n?.end();
		await sandbox?.stop();
	});
	async function runEach(...flows: readonly (readonly Step[])[]): Promise<Run[]> {
		const all = flows.map((steps) => manual(`run${++runs}`, ...steps));
		await n8n!.importWorkflows(...all);
		const ended: Run[] = [];
		for (const { id } of all) ended.push(await n8n!.execute(id));
		return ended;
	}
	return {
		get sandbox() {
			return sandbox!;
		},
		get n8n() {
			return n8n!;
		},
		run: async (...steps) => (await runEach(steps))[0]!,
		runEach,
	};
}
