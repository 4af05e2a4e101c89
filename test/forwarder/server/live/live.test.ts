/** What many look at is made once for all of them, also the first time. */
import type { Asked } from '../../../../forwarder/server/http/exchange';
import { jsonReply } from '../../../../forwarder/server/http/exchange';
import { finder } from '../../../../forwarder/server/http/router';
import { createLive } from '../../../../forwarder/server/live/live';
import { createStreams } from '../../../../forwarder/server/live/streams';
import { steppedClock } from '../../../support/steppedClock';

test('those who come in the same moment share the first answer; another path, and who may do more, has his own', async () => {
	const made: string[] = [];
	const clock = steppedClock();
	const find = finder({
		'/a': { GET: ({ authority }) => (made.push(`a ${authority}`), jsonReply({})) },
		'/b': { GET: ({ authority }) => (made.push(`b ${authority}`), jsonReply({})) },
	});
	const follow = createLive({ clock, streams: createStreams(clock), find, onError: () => undefined });
	const asked = (path: string, authority: 'read' | 'full') =>
		({ authority, query: new URLSearchParams({ path }), signal: new AbortController().signal }) as unknown as Asked;
	const all = [...Array.from({ length: 20 }, () => asked('/a', 'read')), asked('/b', 'read'), asked('/a', 'full')];
	await Promise.all(all.map(async (one) => follow(one)));
	expect(made).toEqual(['a read', 'b read', 'a full']);
});
