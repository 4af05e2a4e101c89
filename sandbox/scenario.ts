/** Everything at once on loopback, loaded with the fixture events: for the demo, end-to-end tests and a local n8n. */
import { systemClock, type Clock, type SimulatedApi } from './api';
import { entries, sandboxNames, type SandboxName } from './entries';
import type { Entry } from './entry';
import type { EventLog } from './eventLog';
import type { FaultPlan } from './faults';
import { liveEvents } from './live';
import { startReceiver, type Receiver, type ReceiverOptions } from './receiver';
import { seededLogs, type SeededLogs } from './seed';
import { serve, type SimServer } from './server';

type Entries = typeof entries;

/** A simulated provider that answers, with what a source needs to read it. */
export interface Running<Api = SimulatedApi & { readonly log: EventLog }> {
	/** With the path of the base URL. */
	readonly url: string;
	readonly apiKey: string;
	readonly api: Api;
	readonly server: SimServer;
}

type SwitchesOf = { [Name in SandboxName]?: NonNullable<Parameters<Entries[Name]['create']>[0]>['switches'] };

export interface SandboxOptions extends SwitchesOf {
	readonly clock?: Clock;
	/** New events while it runs, spread over the providers. */
	readonly live?: { readonly eventsPerSecond: number; readonly seed?: number };
	/** Milliseconds: moves the fixture events so that the newest happened then. Default: left in February 2026. */
	readonly newestAt?: number;
	readonly faults?: { readonly [Name in SandboxName]?: FaultPlan };
	/** Starts an OTLP receiver as well. */
	readonly receiver?: ReceiverOptions | boolean;
	/** Fixed ports, for a local n8n; default: any free ones. */
	readonly ports?: { readonly [Name in SandboxName]?: number };
	readonly host?: string;
}

type Providers = {
	readonly [Name in SandboxName]: Running<ReturnType<Entries[Name]['create']>> & Entries[Name]['settings'];
};

export type Sandbox = Providers & {
	readonly logs: SeededLogs;
	readonly receiver: Receiver | undefined;
	stop(): Promise<void>;
};

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { clock = systemClock, faults = {}, ports = {}, host } = options;
	const logs = seededLogs(options.newestAt);
	const started: { close(): Promise<void> }[] = [];
	const keep = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
		const running = await starting;
		started.push(running);
		return running;
	};
	let timer: NodeJS.Timeout | undefined;
	const stop = async () => {
		clearInterval(timer);
		await Promise.all(started.splice(0).map((running) => running.close()));
	};

	try {
		const providers: Partial<Record<SandboxName, Running>> = {};
		for (const name of sandboxNames) {
			const entry: Entry<SimulatedApi & { readonly log: EventLog }, object> = entries[name];
			const api = entry.create({ clock, log: logs[name], switches: options[name] });
			const server = await keep(serve(api, { host, port: ports[name], faults: faults[name] }));
			providers[name] = { ...entry.settings, url: server.url + entry.basePath, apiKey: entry.apiKey, api, server };
		}
		const receiverOptions = options.receiver === true ? {} : options.receiver || undefined;
		const receiver = receiverOptions && (await keep(startReceiver(receiverOptions)));
		if (options.live) {
			const next = liveEvents(logs, options.live.seed);
			timer = setInterval(() => next(clock.now()), 1000 / options.live.eventsPerSecond);
			// traffic alone is not a reason to keep a process alive
			timer.unref();
		}
		return { ...(providers as Providers), logs, receiver, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
