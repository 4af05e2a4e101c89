/** A running n8n, ready, with its owner signed in. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../../support/port';
import { startProgram } from '../../support/program';
import { until } from '../../support/wait';
import { NODE } from '../../support/installed';
import { runOf, type Run, type RunData } from './run';
import type { Workflow } from './workflow';

export const OWNER = { email: 'owner@example.com', password: 'Sandbox-2026', firstName: 'Olivia', lastName: 'Owner' };

export interface Server {
	readonly url: string;
	/** Everything it has said. */
	output(): string;
	/** `/rest/…` as the editor calls it; resolves with the answer's `data`. Rejects for any status but 2xx. */
	rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
	activate(id: string): Promise<void>;
	deactivate(id: string): Promise<void>;
	/** Finished runs of a workflow, oldest first. */
	runs(workflowId: string): Promise<(Run & { readonly id: string; readonly status: string; readonly mode: string })[]>;
	/** What a trigger keeps, of all nodes of a workflow. */
	staticData(workflowId: string): Promise<Record<string, unknown>>;
	/** What a click on "Fetch Test Event" does: runs the trigger by hand, then the nodes behind it. Resolves with the run. */
	runByHand(workflow: Workflow, trigger: string): Promise<Run>;
	/** SIGTERM. */
	stop(): Promise<void>;
	/** SIGKILL. */
	kill(): Promise<void>;
	/** Resolves when it has ended, whoever did it. */
	readonly ended: Promise<void>;
}

export interface ServerOptions {
	readonly bin: string;
	readonly program: string;
	/** With N8N_PORT, or any free port is taken. */
	readonly env: Record<string, string>;
}

interface Listed {
	readonly id: string;
	readonly status: string;
	readonly mode: string;
}

export async function startServer({ bin, program, env }: ServerOptions): Promise<Server> {
	const port = env['N8N_PORT'] ?? String(await freePort());
	const url = `http://127.0.0.1:${port}`;
	const broker = String(await freePort());
	const ports = { N8N_PORT: port, N8N_RUNNERS_BROKER_PORT: broker };
	const process = await startProgram(NODE, [bin, 'start'], { ...env, ...ports }, () => isReady(url));
	const rest = await signIn(url).catch(async (error: unknown) => {
		await process.kill();
		throw error;
	});
	const { parse } = createRequire(join(program, 'package.json'))('flatted') as { parse(text: string): unknown };

	const execution = async (id: string): Promise<Run> => {
		const { data } = await rest<{ data: string }>('GET', `/executions/${id}`);
		return runOf({ data: parse(data) } as RunData);
	};
	// what has ended does not change, and is asked for again and again
	const seen = new Map<string, Promise<Run>>();
	const once = (id: string) => seen.get(id) ?? seen.set(id, execution(id)).get(id)!;
	const workflow = (id: string) => rest<Record<string, unknown>>('GET', `/workflows/${id}`);
	return {
		url,
		output: process.output,
		rest,
		activate: async (id) => {
			const { versionId } = await workflow(id);
			await rest('POST', `/workflows/${id}/activate`, { versionId });
		},
		deactivate: async (id) => void (await rest('POST', `/workflows/${id}/deactivate`, {})),
		runs: async (workflowId) => {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const { results } = await rest<{ results: Listed[] }>('GET', `/executions?filter=${filter}&limit=100`);
			const ended = results.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
			const runs = await Promise.all(
				ended.map(async ({ id, status, mode }) => ({ ...(await once(id)), id, status, mode })),
			);
			return runs.sort((a, b) => Number(a.id) - Number(b.id));
		},
		staticData: async (id) => ((await workflow(id))['staticData'] ?? {}) as Record<string, unknown>,
		runByHand: async (flow, trigger) => {
			const body = { workflowData: flow, triggerToStartFrom: { name: trigger } };
			const { executionId } = await rest<{ executionId: string }>('POST', `/workflows/${flow.id}/run`, body);
			const ended = async () => {
				const { status } = await rest<Listed>('GET', `/executions/${executionId}`);
				return !['new', 'running'].includes(status);
			};
			await until(`the run of ${flow.name} has ended`, ended, 60_000);
			return execution(executionId);
		},
		stop: process.stop,
		kill: process.kill,
		ended: process.ended,
	};
}

/** Health alone answers before the routes are there, in n8n 1 even `/healthz/readiness`. */
async function isReady(url: string): Promise<boolean> {
	const answers = await Promise.all(
		['/healthz/readiness', '/rest/settings'].map((path) => fetch(url + path).catch(() => undefined)),
	);
	return answers.every((answer) => answer?.ok);
}

/** The first start makes the owner, later ones know it. */
async function signIn(url: string): Promise<Server['rest']> {
	// the cookie is bound to a browser
	const browser = { 'browser-id': 'audit-relay-e2e', 'content-type': 'application/json' };
	const post = (path: string, body: unknown) =>
		fetch(`${url}/rest${path}`, { method: 'POST', headers: browser, body: JSON.stringify(body) });
	const { email, password } = OWNER;
	let answer = await post('/owner/setup', OWNER);
	if (!answer.ok) answer = await post('/login', { emailOrLdapLoginId: email, password });
	if (!answer.ok) throw new Error(`the owner cannot sign in: ${answer.status} ${await answer.text()}`);
	const cookie = answer.headers
		.getSetCookie()
		.map((one) => one.split(';')[0])
		.join('; ');

	return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const headers = { ...browser, cookie };
		const response = await fetch(`${url}/rest${path}`, { method, headers, body: JSON.stringify(body) });
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} /rest${path}: ${response.status} ${text}`);
		return (JSON.parse(text) as { data: T }).data;
	};
}
