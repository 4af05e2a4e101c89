/** What is told at /api/v1. */
import type { Clock } from '../../../core/contract';
import { TOTAL, type Known } from '../../run/known';
import type { WishReader } from '../../run/wishes';
import type { StateAdmin } from '../../store/admin';
import { authorized } from '../http/authorized';
import { jsonReply, plainReply, type Asked } from '../http/exchange';
import { finder, type Routes } from '../http/router';
import { createLive } from '../live/live';
import { followRecords } from '../live/records';
import { createStreams } from '../live/streams';
import { actionRoutes } from './actions';
import { letterRoutes } from './letters';
import { overviewOf, type About } from './overview';
import { destinationDetail, sourceDetail, type PageOf } from './details';
import { sourcesOf } from './sources';
import type { View } from './view';

export interface ApiDeps {
	clock: Clock;
	about: About;
	view: () => Promise<View>;
	known: Known;
	/** To be asked beside the process that works on it: opened when it is needed first. */
	state: () => Promise<StateAdmin>;
	/** Of a process that can be told what to do. */
	wishes?: Pick<WishReader, 'carryOut' | 'lookSoon'>;
	/** What keeps a path that is followed from being answered. */
	onError: (error: unknown, path: string) => void;
}

const pageOf = ({ params, authority }: Asked): PageOf => ({ name: params['name']!, authority });

export function apiRoutes({ clock, about, view, known, state, wishes, onError }: ApiDeps): Routes {
	const { tap, histories } = known;
	/** Of what is configured only: anybody may ask for anything. */
	const looking =
		(of: 'sources' | 'destinations') =>
		({ name = '' }: Readonly<Record<string, string>>) =>
			known[of].has(name) ? histories[of].look(name) : () => undefined;
	const streams = createStreams(clock);
	/** What can be followed at `live`, too. */
	const read: Routes = {
		'/api/v1/overview': {
			GET: async (asked) => jsonReply(overviewOf(await view(), about, asked)),
			followed: () => histories.total.look(TOTAL),
		},
		'/api/v1/sources': { GET: async ({ query }) => jsonReply(sourcesOf(await view(), query)) },
		'/api/v1/sources/:name': {
			GET: async (asked) => jsonReply(await sourceDetail(await view(), pageOf(asked), await state())),
			followed: looking('sources'),
		},
		'/api/v1/destinations/:name': {
			GET: async (asked) => jsonReply(await destinationDetail(await view(), pageOf(asked), await state())),
			followed: looking('destinations'),
		},
		'/api/v1/sources/:name/recent': {
			GET: authorized(({ params }) => {
				const body = `{"records":[${tap.recent(params['name']!).join(',')}]}\n`;
				return { ...plainReply(200, ''), type: 'application/json; charset=utf-8', body };
			}),
		},
	};
	return {
		...read,
		...letterRoutes({ clock, state, onError }),
		...(wishes && actionRoutes({ clock, view, known, state, wishes, isShared: about.worker !== undefined })),
		'/api/v1/live': { GET: createLive({ clock, streams, find: finder(read), onError }) },
		'/api/v1/records': { GET: authorized(followRecords(tap, streams)) },
	};
}
