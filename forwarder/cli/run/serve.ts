/** Starts the status server of a configuration. */
import type { Config } from '../../config/types';
import { createRoutes } from '../../server/routes';
import { isLoopback, startServer } from '../../server/server';
import type { Logger } from '../log';
import type { Observed } from '../parts';
import { VERSION } from '../../version';

/** Nothing when it is switched off. Throws `ConfigError` when the address cannot be listened at. */
export async function serve(
	config: Config,
	{ look, monitor, onRoundtrip }: Observed,
	log: Logger,
): Promise<() => Promise<void>> {
	if (!config.server) return async () => undefined;
	const { host } = config.server;
	const { resourceAttributes, path: configPath } = config;
	const { routes, close } = createRoutes({ look, monitor, onRoundtrip, version: VERSION, resourceAttributes });
	const onError = (err: unknown, path: string) => log.error({ err, path }, 'the status server could not answer');
	const server = await startServer(routes, { ...config.server, configPath, onError });
	log.info({ address: server.url }, 'status server listens');
	if (!isLoopback(host)) {
		log.warn({ address: server.url }, 'other machines can read the status server; it asks for no password');
	}
	return async () => {
		await server.close();
		await close();
	};
}
