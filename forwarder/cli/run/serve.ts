/** Starts what answers questions about the running process: the server of the configuration, and the socket for commands. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/types';
import type { StateAdmin } from '../../store/admin';
import { authentication } from '../../server/http/authentication';
import { networkDoor, socketDoor } from '../../server/http/doors';
import { createRoutes, type Told } from '../../server/routes';
import { isLoopback, startServer, type Listening } from '../../server/server';
import { NoSocket, openSocket } from '../../server/socket';
import type { Io } from '../io';
import { tellOf } from '../telemetry/tell';
import type { Logger } from '../log';
import type { Observed } from '../parts';
import { socketOf } from '../running';
import { openBeside } from '../state/file';
import { VERSION } from '../../version';

export interface Serving extends Listening {
	/** Where people look; absent when the server is switched off. */
	url?: string;
}

/** Beside the program that runs, which may be started by a link. */
function consoleFolder(): string {
	const program = process.argv[1];
	return program === undefined ? '' : join(dirname(realpathSync(program)), 'console');
}

/** Opened by whoever needs it first, and kept for the others. */
function openedOnce(open: () => Promise<StateAdmin>) {
	let opened: Promise<StateAdmin> | undefined;
	return {
		get: () =>
			(opened ??= open().catch((error: unknown) => {
				opened = undefined;
				throw error;
			})),
		close: async () => (await opened?.catch(() => undefined))?.close(),
	};
}

/** Throws `ConfigError` when the address cannot be listened at. */
export async function serve(
	config: Config,
	observed: Observed,
	io: Io,
	log: Logger,
	{ reload, metrics = () => config.metrics }: { reload?: Told['reload']; metrics?: Told['metrics'] } = {},
): Promise<Serving> {
	const { resourceAttributes, telemetry, path: configPath } = config;
	const startedAt = io.clock.now();
	const onError = (err: unknown, path: string) => log.error({ err, path }, 'the status server could not answer');
	const state = openedOnce(() => openBeside(config, io));
	const { routes, collected, close } = createRoutes({
		...{ ...observed, onError },
		state: state.get,
		clock: io.clock,
		consoleFolder: consoleFolder(),
		version: VERSION,
		startedAt,
		resourceAttributes,
		metrics,
		pushed: telemetry?.metrics !== undefined,
		reload,
	});
	const open: Listening[] = [];
	let url: string | undefined;
	if (config.server) {
		const { host, hosts = [], auth, tls } = config.server;
		const warn = (message: string) => log.warn(message);
		const onWrong = (client: string) => log.warn({ client }, 'wrong credentials for the status server');
		const door = networkDoor(hosts, auth && authentication(auth, { clock: io.clock, onWrong }), host);
		const listen = { ...config.server, configPath, clock: io.clock, warn };
		const server = await startServer({ routes, door, onError }, listen);
		open.push(server);
		({ url } = server);
		log.info({ address: server.url }, 'status server listens');
		if (!isLoopback(host) && !auth) {
			log.warn({ address: server.url }, 'other machines can read the status server; it asks for no password');
		} else if (!isLoopback(host) && !tls) {
			const fix = 'set server.tls, or let only a proxy with TLS reach it';
			log.warn({ address: server.url, fix }, 'what the status server asks for travels in clear text');
		}
		if (auth) observed.known.tap.keep();
	}
	try {
		const socket = await openSocket(socketOf(config, io), { routes, door: socketDoor, onError });
		open.push(socket);
		log.debug({ socket: socket.path }, 'commands reach this process by its socket');
	} catch (error) {
		if (!(error instanceof NoSocket)) throw error;
		const fix = 'set control.socket to a path in a folder of this user; everything else works without';
		log.warn({ error: error.message, fix }, 'there is no socket by which commands could reach this process');
	}
	if (telemetry?.metrics) {
		const { metrics: receiver, everyMs } = telemetry;
		// with the encoding of metrics
		const { pushMetrics } = await import('../telemetry/metrics');
		const pushing = pushMetrics(receiver, everyMs, collected, io, tellOf(receiver, 'metrics', log));
		open.push({ close: pushing.end });
	}
	return {
		...(url !== undefined && { url }),
		close: async () => {
			await Promise.all(open.map((one) => one.close()));
			await close();
			await state.close();
		},
	};
}
