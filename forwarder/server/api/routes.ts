/** What is told at /api/v1. */
import type { Clock } from '../../../core/contract';
import type { RecordTap } from '../../run/recordTap';
import { authorized } from '../http/authorized';
import { jsonReply, plainReply } from '../http/exchange';
import { finder, type Routes } from '../http/router';
import { createLive } from '../live/live';
import { followRecords } from '../live/records';
import { createStreams } from '../live/streams';
import { overviewOf, type About } from './overview';
import { sourcesOf } from './sources';
import type { View } from './view';

export interface ApiDeps {
	clock: Clock;
	about: About;
	view: () => Promise<View>;
	tap: RecordTap;
	/** What keeps a path that is followed from being answered. */
	onError: (error: unknown, path: string) => void;
}

export function apiRoutes({ clock, about, view, tap, onError }: ApiDeps): Routes {
	const streams = createStreams(clock);
	/** What can be followed at `live`, too. */
	const read: Routes = {
		'/api/v1/overview': { GET: async (asked) => jsonReply(overviewOf(await view(), about, asked)) },
		'/api/v1/sources': { GET: async ({ query }) => jsonReply(sourcesOf(await view(), query)) },
		'/api/v1/sources/:name/recent': {
			GET: authorized(({ params }) => {
				const body = `{"records":[${tap.recent(params['name']!).join(',')}]}\n`;
				return { ...plainReply(200, ''), type: 'application/json; charset=utf-8', body };
			}),
		},
	};
	return {
		...read,
		'/api/v1/live': { GET: createLive({ clock, streams, find: finder(read), onError }) },
		'/api/v1/records': { GET: authorized(followRecords(tap, streams)) },
	};
}
