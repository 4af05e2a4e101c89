/** Ways in, and who comes by them. */
import type { IncomingMessage } from 'node:http';
import { Refused, type Asker } from './exchange';
import type { Authenticate } from './authentication';
import { isForeign, mayAsk } from './hosts';

/** Throws `Refused`. `isOpen`: nobody has to say who he is, and by which name he came. */
export type Door = (request: IncomingMessage, isOpen: boolean) => Asker | Promise<Asker>;

const NOBODY: Asker = { authority: 'none', by: 'anonymous' };
const ADD_HOST = 'add it to server.hosts, or use an address or localhost';

/**
 * Over TCP. Without `authenticate` all may look, and nobody may do more; with it, whoever is known may do everything. Probes come by whatever
 * name their platform has for this machine, and without a key, or with one that is old: they are answered anyway, without names.
 * @param listensAt may be asked by as well; its other ports are of other programs
 */
export function networkDoor(hosts: readonly string[], authenticate?: Authenticate, listensAt?: string): Door {
	const names = listensAt === undefined ? hosts : [listensAt, ...hosts];
	const known = async (request: IncomingMessage): Promise<Asker> => {
		const { headers } = request;
		if (!mayAsk(headers.host, names)) throw new Refused(421, 'unknown host name', ADD_HOST);
		const foreign = isForeign(headers, hosts) && { isForeign: true as const };
		if (!authenticate) return { authority: 'read', by: 'anonymous', ...foreign };
		const by = written(await authenticate(request));
		const isStillKnown = () =>
			authenticate(request, true).then(
				() => true,
				() => false,
			);
		return { authority: 'full', by, isStillKnown, ...foreign };
	};
	return (request, isOpen) => (isOpen ? known(request).catch(() => NOBODY) : known(request));
}

/** Who may open the socket may read the keys and the state as well. The command says which user runs it. */
export const socketDoor: Door = ({ headers }) => {
	const user = headers[USER_HEADER];
	return { authority: 'full', by: written(typeof user === 'string' ? user : '') || 'socket' };
};

/** People choose it, and it is shown in logs and terminals: nothing in it may change what stands beside it. */
function written(name: string): string {
	return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST_NAME);
}

const LONGEST_NAME = 200;

export const USER_HEADER = 'audit-relay-user';
