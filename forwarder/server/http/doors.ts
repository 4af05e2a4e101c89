/** Ways in, and who comes by them. */
import type { IncomingMessage } from 'node:http';
import { Refused, type Asker } from './exchange';
import type { Authenticate } from './authentication';
import { isForeign, mayAsk } from './hosts';

/** Throws `Refused`. `isOpen`: nobody has to say who he is. */
export type Door = (request: IncomingMessage, path: string, isOpen: boolean) => Asker | Promise<Asker>;

const ADD_HOST = 'add it to server.hosts, or use an address or localhost';

/** Over TCP. Without `authenticate` all may look, and nobody may do more; with it, whoever is known may do everything. */
export function networkDoor(hosts: readonly string[], authenticate?: Authenticate): Door {
	return async (request, path, isOpen) => {
		const { headers } = request;
		if (!mayAsk(path, headers.host, hosts)) throw new Refused(421, 'unknown host name', ADD_HOST);
		const foreign = isForeign(headers, hosts) && { isForeign: true as const };
		if (!authenticate || isOpen) return { authority: 'read', by: 'anonymous', ...foreign };
		return { authority: 'full', by: await authenticate(request), ...foreign };
	};
}

/** Who may open the socket may read the keys and the state as well. The command says which user runs it. */
export const socketDoor: Door = ({ headers }) => {
	const user = headers[USER_HEADER];
	return { authority: 'full', by: typeof user === 'string' && user !== '' ? user : 'socket' };
};

export const USER_HEADER = 'audit-relay-user';
