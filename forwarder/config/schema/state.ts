/** Where positions and events are kept. */
import * as z from 'zod';
import { count, duration, text, Tls } from './values';

export const State = z
	.strictObject({
		path: text
			.refine((path) => !/^[a-z][a-z0-9+.-]*:\/\//i.test(path), {
				error: 'is a URL|Write a path, for example ./audit-relay.db; a database is state.url',
			})
			.optional()
			.describe('SQLite file, relative to this one. Default: ./audit-relay.db.'),
		url: text
			.optional()
			.describe(
				'Instead of the file: a PostgreSQL database that several processes share, postgres://user:password@host/database?sslmode=verify-full. As a reference when it holds a password.',
			),
		schema: z
			.string()
			.regex(/^[a-z_][a-z0-9_]{0,62}$/, {
				error: 'is not a usable name|Use 1 to 63 small letters, digits or underscores, beginning with a letter',
			})
			.optional()
			.describe('Schema of the database for our tables, made when it is missing. Default: audit_relay.'),
		tls: Tls.describe('Certificates for the database.'),
		pool: count(2, 100)
			.optional()
			.describe('Connections of each process to the database. One of them is for its leases. Default: 6.'),
		lease: z
			.strictObject({
				ttl: duration('3s', '60s')
					.optional()
					.describe(
						'After so long without a sign of life, 3s to 60s, the others take over what a process has held. Default: 5s.',
					),
			})
			.optional()
			.describe('Who does what, when several processes share the database.'),
	})
	.superRefine((state, context) => {
		const wrong = (key: keyof typeof state, message: string) =>
			context.addIssue({ code: 'custom', path: [key], message });
		if (state.url !== undefined) {
			if (state.path !== undefined)
				wrong('url', 'cannot stand beside path|Keep path for a file of this process alone, or url for a database');
			return;
		}
		for (const key of ['schema', 'tls', 'pool', 'lease'] as const)
			if (state[key] !== undefined) wrong(key, 'is for a database only|Remove it, or set url');
	});

export type StateInput = z.infer<typeof State>;
