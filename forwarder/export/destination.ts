/** Wires one configured destination: connections, exporter, and what the delivery and the `check` command need of it. */
import type { Clock } from '../../core/contract';
import type { Warn } from '../config/files';
import type { Compression, Tls } from '../config/types';
import type { Answer } from './answer';
import { connect } from './connections';
import { AckingOtlpExporter, type ExporterOptions } from './exporter';
import type { Item } from '../records/item';
import { requestOf } from './request';

export interface DestinationSettings {
	name: string;
	/** Complete URL that batches are posted to. */
	endpoint: string;
	headers: () => Record<string, string> | Promise<Record<string, string>>;
	compression: Compression;
	/** For one request as a whole. */
	timeoutMs: number;
	lenientResponse: boolean;
	tls?: Tls;
	/** Connections kept, which is also the number of batches in flight. */
	inFlight: number;
}

export interface DestinationContext {
	clock: Clock;
	/** Version of the forwarder, for `User-Agent`. */
	version: string;
	/** Where the proxy is looked up. Default: the process. */
	env?: Readonly<Record<string, string | undefined>>;
	/** Told about every request that was not stopped. */
	onRequest?: ExporterOptions['onRequest'];
	/** Told once when a certificate file cannot be used and its last content is. */
	warn?: Warn;
}

export interface Destination {
	readonly name: string;
	readonly exporter: AckingOtlpExporter;
	/** One request, one answer. Encodes the same list of items once only. Rejects when `signal` aborts. */
	send(items: readonly Item[], signal?: AbortSignal): Promise<Answer>;
	/** Sends an export without records: says whether address, key and certificate are right. */
	probe(signal?: AbortSignal): Promise<Answer>;
	/** Waits for the requests that are running, then closes the connections. */
	close(): Promise<void>;
}

export function createDestination(settings: DestinationSettings, context: DestinationContext): Destination {
	const url = new URL(settings.endpoint);
	const exporter = new AckingOtlpExporter({
		connections: connect(url, settings.inFlight, {
			proxyEnv: context.env,
			tls: settings.tls,
			warn: context.warn,
		}),
		compression: settings.compression,
		headers: settings.headers,
		timeoutMs: settings.timeoutMs,
		lenientResponse: settings.lenientResponse,
		userAgent: `audit-relay/${context.version}`,
		now: () => context.clock.now(),
		onRequest: context.onRequest,
	});
	// with the list, and in no WeakMap: see `encodeOnce`
	const body = Symbol('body');
	return {
		name: settings.name,
		exporter,
		async send(items: readonly Item[] & { [body]?: Promise<Uint8Array> }, signal) {
			items[body] ??= exporter.pack(requestOf(items));
			return exporter.sendBody(await items[body], signal);
		},
		probe: (signal) => exporter.sendBody(new Uint8Array(), signal),
		close: () => exporter.shutdown(),
	};
}
