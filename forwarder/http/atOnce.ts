import { Semaphore } from '../../core/http/semaphore';

/** Requests under way at one server. */
const MOST = 512;

const servers = new Map<string, Semaphore>();

/**
 * Shared by all that is asked of a server. After a standstill of the machine or of its disk the polls of thousands of sources are due at
 * once: each would open a connection, which takes 30 kB, and more than the system lets a process have.
 */
export function atOnce({ origin }: URL): Semaphore {
	const known = servers.get(origin) ?? new Semaphore(MOST);
	servers.set(origin, known);
	return known;
}
