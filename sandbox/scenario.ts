/** Everything at once on loopback, loaded with the fixture events: for the demo, end-to-end tests and a local n8n. */
import { systemClock, type Clock } from './api';
import { arpioApi, arpioSandboxKey, type ArpioApi } from './arpio/api';
import { arpioAccountId } from './arpio/events';
import type { ArpioSwitches } from './arpio/switches';
import { arcusApi, type ArcusApi } from './arcus/api';
import { arcusSandboxKey } from './arcus/keys';
import type { ArcusSwitches } from './arcus/switches';
import { auditApi, auditApiSandboxKey, type AuditApiApi } from './auditapi/api';
import type { AuditApiSwitches } from './auditapi/switches';
import type { FaultPlan } from './faults';
import { liveEvents } from './live';
import { startReceiver, type Receiver, type ReceiverOptions } from './receiver';
import { seededLogs } from './seed';
import { serve, type SimServer } from './server';

export interface SandboxOptions {
	readonly clock?: Clock;
	/** New events while it runs, spread over the three providers. */
	readonly live?: { readonly eventsPerSecond: number; readonly seed?: number };
	/** Milliseconds: moves the fixture events so that the newest happened then. Default: left in February 2026. */
	readonly newestAt?: number;
	readonly arpio?: Partial<ArpioSwitches>;
	readonly arcus?: Partial<ArcusSwitches>;
	readonly auditapi?: Partial<AuditApiSwitches>;
	readonly faults?: { readonly arpio?: FaultPlan; readonly arcus?: FaultPlan; readonly auditapi?: FaultPlan };
	/** Starts an OTLP receiver as well. */
	readonly receiver?: ReceiverOptions | boolean;
	/** Fixed ports, for a local n8n; default: any free ones. */
	readonly ports?: { readonly arpio?: number; readonly arcus?: number; readonly auditapi?: number };
	readonly host?: string;
}

export interface Sandbox {
	readonly arpio: { url: string; accountId: string; apiKey: string; api: ArpioApi; server: SimServer };
	/** `url` includes `/v1`. */
	readonly arcus: { url: string; apiKey: string; api: ArcusApi; server: SimServer };
	/** `url` includes `/v1`. */
	readonly auditapi: { url: string; apiKey: string; api: AuditApiApi; server: SimServer };
	readonly receiver: Receiver | undefined;
	stop(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { clock = systemClock, faults = {}, ports = {}, host } = options;
	const logs = seededLogs(options.newestAt);
	const arpio = arpioApi({ clock, log: logs.arpio, switches: options.arpio });
	const arcus = arcusApi({ clock, log: logs.arcus, switches: options.arcus });
	const auditapi = auditApi({ clock, log: logs.auditapi, switches: options.auditapi });

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
		const arpioServer = await keep(serve(arpio, { host, port: ports.arpio, faults: faults.arpio }));
		const arcusServer = await keep(serve(arcus, { host, port: ports.arcus, faults: faults.arcus }));
		const auditapiServer = await keep(serve(auditapi, { host, port: ports.auditapi, faults: faults.auditapi }));
		const receiverOptions = options.receiver === true ? {} : options.receiver || undefined;
		const receiver = receiverOptions && (await keep(startReceiver(receiverOptions)));
		if (options.live) {
			const next = liveEvents(logs, options.live.seed);
			timer = setInterval(() => next(clock.now()), 1000 / options.live.eventsPerSecond);
			// traffic alone is no reason to keep a process alive
			timer.unref();
		}
		const apiKey = `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`;
		return {
			arpio: { url: arpioServer.url, accountId: arpioAccountId, apiKey, api: arpio, server: arpioServer },
			arcus: { url: `${arcusServer.url}/v1`, apiKey: arcusSandboxKey.key, api: arcus, server: arcusServer },
			auditapi: { url: `${auditapiServer.url}/v1`, apiKey: auditApiSandboxKey, api: auditapi, server: auditapiServer },
			receiver,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
