/** An n8n whose three triggers watch a sandbox, and what of all that happens there has started a workflow. */
import { startSandbox, type Sandbox } from '../../../../sandbox/scenario';
import { until } from '../../support/wait';
import { credentialsFor } from './credentials';
import { createInstance } from './instance';
import { happen, TRIGGERS, type Happened, type Moment, type Trigger } from './happenings';
import type { Server } from './server';
import { node, workflow, type Workflow } from './workflow';

/** n8n has two poll engines. */
export type Engine = keyof typeof ENGINES;
export const ENGINES = {
	ordinary: {},
	durable: {
		N8N_SCHEDULER_ENABLED: 'true',
		N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
		N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
		N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
	},
};

/** n8n allows no poll time that comes more often than once a minute, but several of them. */
const EVERY_S = 6;
export const EVERY_FEW_SECONDS = {
	item: Array.from({ length: 60 / EVERY_S }, (_, n) => ({
		mode: 'custom',
		cronExpression: `${n * EVERY_S} * * * * *`,
	})),
};
/** So that it is listed after the next poll and the one after. */
export const LATE_MS = 2.5 * EVERY_S * 1000;
/** A few polls, with time to spare on a busy machine. */
const SOON = 60_000;
const NOTHING = 'n8n-nodes-base.noOp';

/** Not smaller: each page is a read that is in the log of the next poll. */
export const PAGE = 100;

interface Change {
	filters?: Record<string, unknown>;
	name?: string;
}

export interface WatchingOptions {
	readonly version?: string;
	/** Besides that of the engine. */
	readonly env?: Record<string, string>;
	/** In queue mode. */
	readonly workers?: number;
}

export async function watching(engine: Engine, { version, env, workers = 0 }: WatchingOptions = {}) {
	// reads of the log are in the log: a trigger must not start itself
	const sandbox = await startSandbox({
		newestAt: Date.now() - 600_000,
		arpio: { auditsOwnReads: true },
		receiver: true,
	});
	const n8n = createInstance({ version, env: { ...ENGINES[engine], ...env } });
	const end = async () => {
		await n8n.end();
		await sandbox.stop();
	};
	try {
		let pageSize = PAGE;
		let nodeName = 'Trigger';
		await n8n.importCredentials(credentialsFor(sandbox));
		await n8n.importWorkflows(...TRIGGERS.map((one) => flow(one, pageSize)));
		let server = await n8n.start();
		const started = await Promise.all(Array.from({ length: workers }, () => n8n.startWorker()));
		const wanted = new Map<Trigger, Happened[]>(TRIGGERS.map((one) => [one, []]));
		const self = {
			engine,
			sandbox,
			n8n,
			workers: started,
			get server() {
				return server;
			},
			start: async () => void (server = await n8n.start()),
			/** From now on what happens is to be delivered. */
			activate: async () => {
				const activate = async (one: Trigger) => {
					const { length: before } = sandbox[one.service].server.requests;
					await server.activate(one.type);
					// the first request tells it from when on it reads; the durable engine may be a while until it polls
					const size = new RegExp(`[?&](?:limit|pageSize)=${pageSize}\\b`);
					const begun = () => sandbox[one.service].server.requests.slice(before).some(({ url }) => size.test(url));
					await until(`${one.type} has begun`, begun, 2 * SOON, server.output);
				};
				await Promise.all(TRIGGERS.map(activate));
			},
			deactivate: async () => {
				await Promise.all(TRIGGERS.map(({ type }) => server.deactivate(type)));
			},
			/** @param size other than any before */
			change: async (size: number, { filters, name = nodeName }: Change = {}) => {
				pageSize = size;
				nodeName = name;
				for (const one of TRIGGERS) {
					const { nodes, connections, settings } = flow(one, pageSize, filters, name);
					await server.rest('PATCH', `/workflows/${one.type}`, { nodes, connections, settings });
				}
			},
			happen: (moments: readonly Moment[]) => {
				for (const [one, happened] of happen(sandbox, moments)) wanted.get(one)!.push(...happened);
			},
			/** Waits until all that is listed by now has started its workflow. */
			arrived: async (what: string) => {
				const now = Date.now();
				for (const [one, happened] of wanted) {
					const listed = happened.filter(({ visibleAt }) => visibleAt <= now);
					const all = async () => includes(await delivered(server, one), listed);
					await until(`${what} has started ${one.type}'s workflow`, all, SOON, server.output);
				}
			},
			/** The same, with all that is late. */
			allArrived: async (what: string) => {
				const last = Math.max(...[...wanted.values()].flat().map(({ visibleAt }) => visibleAt));
				await until('what is late is listed', () => Date.now() > last);
				await self.arrived(what);
			},
			/** Ids that started workflows, against those that had to: each once, and no other. */
			compare: async () => {
				const all = (pick: (one: Trigger) => Promise<string[]>) =>
					Promise.all(TRIGGERS.map(async (one) => [one.type, (await pick(one)).sort()] as const));
				return {
					found: await all((one) => delivered(server, one)),
					wanted: await all(async (one) => wanted.get(one)!.map(({ id }) => id)),
				};
			},
			/** A moment with no poll under way, and none about to begin. */
			betweenPolls: () =>
				until('between two polls', () => Math.floor(Date.now() / 1000) % EVERY_S === Math.floor(EVERY_S / 2)),
			end,
		};
		return self;
	} catch (error) {
		await end();
		throw error;
	}
}

export type Watching = Awaited<ReturnType<typeof watching>>;

function flow({ type }: Trigger, pageSize: number, filters: Record<string, unknown> = {}, name = 'Trigger'): Workflow {
	const options = { pageSize, retries: 2 };
	const parameters = { watch: ['everything'], simplify: false, pollTimes: EVERY_FEW_SECONDS, filters, options };
	return workflow(type, node(name, type, parameters, { id: `${type}-1` }), node('End', NOTHING));
}

/** How many requests a service has got. */
export const requests = (sandbox: Sandbox, { service }: Trigger) => sandbox[service].server.requests.length;

async function delivered(server: Server, { type, id }: Trigger): Promise<string[]> {
	const runs = (await server.runs(type)).filter(({ status }) => status === 'success');
	// the node may have had several names, and what follows it gets the same items
	const events = runs.flatMap((run) => run.json('End'));
	// to find out what an application is called, the trigger reads their list, and Arpio has that in its log
	return events.filter((event) => event['type'] !== 'getApplications').map((event) => String(event[id]));
}

const includes = (found: readonly string[], wanted: readonly Happened[]) =>
	wanted.every(({ id }) => found.includes(id));
