/** `state.url` and what belongs to it. */
import type { Report } from './errors';
import type { StateInput } from './schema/state';
import { SecretError, secretOf, templateSecret, type Env } from './secrets';
import { parseStateUrl } from './stateUrl';
import { readTls } from './tls';
import type { DatabaseConfig } from './types';

const POOL = 6;
const LEASE_TTL_MS = 5000;

/** Undefined: the state is a file, or the URL cannot be used; problems go to `report`. */
export async function buildDatabase(
	{ url: text, schema = 'audit_relay', tls: certificates, pool = POOL, lease }: StateInput,
	{ env, folder, report }: { env: Env; folder: string; report: Report },
): Promise<DatabaseConfig | undefined> {
	if (text === undefined) return undefined;
	const url = secretOf(text, env, folder, templateSecret);
	const tls = readTls(certificates, ['state', 'tls'], { folder, report });
	try {
		const checked = parseStateUrl(await url.read());
		if (!checked.ok) report(['state', 'url'], checked.what, checked.fix);
	} catch (error) {
		// said already, where references are checked
		if (!(error instanceof SecretError)) throw error;
	}
	return { url, schema, ...(tls && { tls }), pool, leaseTtlMs: lease?.ttl ?? LEASE_TTL_MS };
}
