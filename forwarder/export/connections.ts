/** HTTP to one receiver. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { createAgent, type AgentSettings } from '../http/agent';
import { certificatesOf, type CertificateSettings } from '../http/certificates';

export interface Connections {
	/** Resolves with the answer's head. Rejects also when `signal` aborts, as reading the body does then. */
	post(headers: Record<string, string>, body: Uint8Array, signal: AbortSignal): Promise<IncomingMessage>;
	close(): void;
}

/** Then an idle connection is closed: what lies between may have forgotten it without a word. */
const IDLE_MS = 4_000;

/** `count`: how many are open at most. */
export function connect(
	url: URL,
	count: number,
	settings: Omit<AgentSettings, 'options'> & CertificateSettings = {},
	idleMs = IDLE_MS,
): Connections {
	const { request } = url.protocol === 'https:' ? https : http;
	const agent = createAgent(url, { ...settings, options: { maxSockets: count, timeout: idleMs } });
	const certificates = certificatesOf(settings, agent);
	return {
		async post(headers, body, signal) {
			const pem = await certificates();
			let giveUp: (() => void) | undefined;
			try {
				return await new Promise((resolve, reject) => {
					// a request without a socket (a proxy that does not answer) or with one that was given away (101) tells nobody
					giveUp = () => reject(signal.reason as Error);
					signal.addEventListener('abort', giveUp);
					// the signal alone ends a request, not the time-out of an idle connection
					const sent = request(url, { method: 'POST', agent, headers, signal, timeout: 2 ** 31 - 1, ...pem });
					sent.on('response', resolve).on('error', reject).end(body);
				});
			} finally {
				signal.removeEventListener('abort', giveUp!);
			}
		},
		close: () => agent.destroy(),
	};
}
