/** What the process serves, and how commands reach it. */
import * as z from 'zod';
import { HEADER_NAME } from '../headers';
import { text } from './values';

const ServerAuth = z
	.strictObject({
		token: text.optional().describe('Sent as `Authorization: Bearer`, or as the password of any user. As a reference.'),
		basic: z
			.strictObject({ username: text.describe('Name.'), password: text.describe('As a reference.') })
			.optional()
			.describe('Name and password, as browsers ask for them.'),
		proxyHeader: z
			.string()
			.regex(HEADER_NAME, { error: 'is no name of a header|Write for example x-forwarded-user' })
			.optional()
			.describe('Header in which a proxy says who asks, after it has asked him.'),
		trustedProxies: z.array(text).optional().describe('Addresses or networks that proxyHeader is believed from.'),
	})
	.optional();

const ServerTls = z
	.strictObject({
		certFile: text.describe('PEM file with the certificate of this server, and those between it and its authority.'),
		keyFile: text.describe('PEM file with its private key.'),
	})
	.optional();

export const Server = z.strictObject({
	enabled: z.boolean().default(true).describe('Whether /livez, /readyz, /metrics and the status page are served.'),
	listen: z
		.string()
		.regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, {
			error: 'is not an address|Write host:port, for example 127.0.0.1:9464',
		})
		.default('127.0.0.1:9464')
		.describe('Address of the status server, host:port. Keep it on loopback unless something in front protects it.'),
	hosts: z
		.array(
			z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, {
				error:
					'is not a host name|Write a name without scheme, port and wildcard, for example audit-relay.monitoring.svc',
			}),
		)
		.default([])
		.describe(
			'Host names that the status server answers to, besides localhost and addresses: those of a Service or a proxy.',
		),
	auth: ServerAuth.describe(
		'Who may ask for anything but /livez and /readyz; whoever may, also sees events and changes things. Default: all who reach it may look.',
	),
	tls: ServerTls.describe('Certificate and key for HTTPS; replaced files are taken within a minute.'),
});

export const Control = z.strictObject({
	socket: text
		.optional()
		.describe(
			'Unix socket by which commands reach the running process, relative to this file. Default: beside the state file; for a database in XDG_RUNTIME_DIR or the temporary folder.',
		),
});

export const Metrics = z.strictObject({
	detail: z
		.enum(['few', 'source'])
		.default('few')
		.describe(
			'few: of each source what alerts need, the rest added up by provider. source: all of each source, 4 kB for each. Default: few.',
		),
	formerNames: z
		.boolean()
		.default(false)
		.describe('Also the names without units that metrics had before; for one version. Default: false.'),
});

export type ServerInput = z.infer<typeof Server>;
