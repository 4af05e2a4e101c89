/** Why there was no answer: a code for logs, and what it means to a person. */

interface NetworkError {
	name?: unknown;
	code?: unknown;
	message?: unknown;
	/** What came instead of an answer, when Node could not read it. */
	rawPacket?: unknown;
	cause?: unknown;
	/** One for each address that was tried. */
	errors?: unknown;
}

/** Only codes: messages may hold addresses with credentials of a proxy. Undefined: there is none. */
export function errorCode(error: unknown): string | undefined {
	const { code, message, rawPacket, cause, errors } = (error ?? {}) as NetworkError;
	if (Buffer.isBuffer(rawPacket)) {
		// an alert of TLS; the first frame of a server that speaks HTTP/2 only (settings, or a farewell)
		if (rawPacket[0] === 0x15 && rawPacket[1] === 3) return 'PORT_SPEAKS_TLS';
		if (rawPacket[0] === 0 && (rawPacket[3] === 4 || rawPacket[3] === 7)) return 'PORT_SPEAKS_HTTP2';
	}
	const text = `${String(code)} ${String(message)}`;
	if (/NO_APPLICATION_PROTOCOL/i.test(text)) return 'PORT_SPEAKS_HTTP2';
	if (/wrong.version.number|packet.length.too.long/i.test(text)) return 'PORT_SPEAKS_NO_TLS';
	if (cause !== undefined) {
		const inner = errorCode(cause);
		if (inner !== undefined) return inner;
	}
	if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
	return Array.isArray(errors) ? errorCode(errors[0]) : undefined;
}

/** Servers that notice by themselves that http:// came to their port for https:// say so, with status 400. */
export const WANTS_TLS =
	/plain HTTP (request )?(was sent )?to|HTTP request to an HTTPS server|speaking plain HTTP|requires TLS/i;

interface Cause {
	what: string;
	fix: string;
}

const CAUSES: readonly [code: RegExp, what: string, fix: string][] = [
	[/^PORT_SPEAKS_TLS$/, 'this port speaks TLS', 'write https:// instead of http://'],
	[/^PORT_SPEAKS_NO_TLS$/, 'this port does not speak TLS', 'write http://, or give the port that speaks TLS'],
	[
		/^PORT_SPEAKS_HTTP2$/,
		'this port speaks HTTP/2 only, as gRPC does',
		'give the port for HTTP/1.1, for OTLP 4318 in most cases',
	],
	[
		/^HPE_HEADER_OVERFLOW$/,
		'the headers of the answer are too large',
		'find out what adds them (a proxy, a login page), or take them with NODE_OPTIONS=--max-http-header-size=65536',
	],
	[/^HPE_/, 'what answers there is not an HTTP server', 'check host and port'],
	[/^(ENOTFOUND|EAI_AGAIN)$/, 'the host name cannot be resolved', 'check the name and DNS'],
	[/^ECONNREFUSED$/, 'nothing listens there', 'check host and port, and that it runs'],
	[/^(ECONNRESET|EPIPE)$/, 'the connection was closed without an answer', 'if the port wants TLS, write https://'],
	[/^ERR_PROXY/, 'the proxy refused', 'check HTTPS_PROXY and NO_PROXY'],
	[/^UNKNOWN_CONTENT_ENCODING$/, 'the answer uses a compression that is not supported', 'check baseUrl and proxies'],
	[
		/^CERT_HAS_EXPIRED$/,
		'the certificate has expired',
		'its operator has to renew it; check the clock of this machine too',
	],
	[
		/^ERR_TLS_CERT_ALTNAME_INVALID$/,
		'the certificate is for another host name',
		'write the name that the certificate has',
	],
	[
		/CERT|SELF_SIGNED|UNABLE_TO/,
		'the certificate is not trusted',
		'for a private authority set tls.caFile, or NODE_EXTRA_CA_CERTS',
	],
];

/** Undefined where the code says all that is known. */
export function causeOf(code: string): Cause | undefined {
	const [, what, fix] = CAUSES.find(([known]) => known.test(code)) ?? [];
	return what === undefined || fix === undefined ? undefined : { what, fix };
}
