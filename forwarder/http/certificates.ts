/** The certificates of a connection, as their files are when it is made. */
import type { Agent } from 'node:http';
import type { Warn } from '../config/files';
import type { Pem, Tls } from '../config/types';

export interface CertificateSettings {
	/** Private authority and client certificate of the other side. */
	tls?: Tls;
	/** Told once when a file cannot be used and its last content is. */
	warn?: Warn;
}

const NONE: Pem = {};

/**
 * For the options of every request, beside `agent`: Node keeps connections with other certificates apart, so none that was made with
 * the old ones is used for a new request. Those that are idle are closed.
 */
export function certificatesOf({ tls, warn }: CertificateSettings, agent: Agent): () => Promise<Pem> {
	let current = NONE;
	return async () => {
		if (!tls) return current;
		const now = await tls.read(warn);
		if (now !== current)
			Object.values(agent.freeSockets).forEach((idle) => idle?.forEach((socket) => socket.destroy()));
		return (current = now);
	};
}
