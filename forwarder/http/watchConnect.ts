/** Tells when a request has left: lookup, proxy tunnel and TLS are done by then. axios itself has no such event. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';

export function watchConnect(onSent: () => void) {
	return {
		request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
			const { request } = options.protocol === 'https:' ? https : http;
			// `finish` comes when the connection has taken the whole request, not when it was handed over to wait for one
			return request(options, onResponse).once('finish', onSent);
		},
	};
}
