/** Whether what this server has committed stays: asked of every new connection, because settings change while we run. */

export interface Server {
	replica: boolean;
	readOnly: string;
	version: number;
	encoding: string;
	fsync: string;
	pages: string;
	commit: string;
	standbys: string;
	isolation: string;
	limit: string;
	pid: number;
}

/** Settings as they are for this role in this database. */
export const LOOK = `SELECT pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') AS "readOnly",
	current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
	current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
	current_setting('synchronous_commit') AS commit, current_setting('synchronous_standby_names') AS standbys,
	current_setting('default_transaction_isolation') AS isolation, current_setting('statement_timeout') AS limit,
	pg_backend_pid() AS pid`;

const OLDEST = 14;

/** The second takes what it gets. */
const HOLD_EVERYTHING = ['UTF8', 'SQL_ASCII'];

/** Why it takes no writes now: another host may, and this one later. */
export function takesNone({ replica, readOnly }: Server): string | undefined {
	if (replica) return 'is a replica, which takes no writes';
	if (readOnly === 'on')
		return 'takes no writes (default_transaction_read_only is on, for the role, the database or the server; some do that when their disk is full)';
	return undefined;
}

/** Why it must not be used, with the fix. Undefined: it may. */
export function unsafe({ version, encoding, fsync, pages, commit }: Server): string | undefined {
	const major = Math.floor(version / 10_000);
	if (major < OLDEST) return `PostgreSQL ${major} is too old; use ${OLDEST} or later`;
	if (!HOLD_EVERYTHING.includes(encoding))
		return `the database is in ${encoding}, which cannot hold all that events and receivers say; CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'`;
	if (fsync === 'off') return 'fsync is off: a power cut would lose events; set fsync = on';
	if (pages === 'off')
		return 'full_page_writes is off: a power cut could damage the database; set full_page_writes = on';
	if (commit === 'off') {
		return 'synchronous_commit is off: a crash would lose events that were read already; set it on, also for this role and this database (ALTER ROLE … SET, ALTER DATABASE … SET)';
	}
	return undefined;
}

/** @param isDirect no pooler between, so that the session's own settings are ours */
export function concerns({ commit, standbys, isolation, limit }: Server, isDirect: boolean): string[] {
	const found: string[] = [];
	if (standbys === '' || commit === 'local') {
		found.push(
			'no standby confirms commits (synchronous_standby_names, synchronous_commit): when this server is lost for good, so is what no standby has yet; events are read again while the provider keeps them',
		);
	}
	if (!isDirect && isolation !== 'read committed') {
		found.push(
			`default_transaction_isolation is ${isolation}: statements are repeated for nothing; ALTER ROLE … SET default_transaction_isolation = 'read committed'`,
		);
	}
	if (!isDirect && limit === '0') {
		found.push(
			"a pooler is in between, so time limits of the server have to be settings of the role: ALTER ROLE … SET statement_timeout = '10s', SET lock_timeout = '5s', SET idle_in_transaction_session_timeout = '10s'",
		);
	}
	return found;
}
