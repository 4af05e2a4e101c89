/** Lists to pick one thing from, in the editor. */
import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import type { Call } from '../../core/contract';
import type { Provider, Settings } from '../../core/provider';
import { connect } from './connect';
import { nodeError } from './errors';

/** Runs a search with the node's credential; what goes wrong is shown below the list. */
export async function listResults(
	context: ILoadOptionsFunctions,
	{ provider, credentialType }: { provider: Provider; credentialType: string },
	search: (call: Call, settings: Settings) => Promise<{ results: INodeListSearchItems[]; next?: string }>,
): Promise<INodeListSearchResult> {
	try {
		// somebody is waiting in front of the list
		const { call, settings } = await connect(context, credentialType, provider, { retries: 1, keepTryingMs: 10_000 });
		const { results, next } = await search(call, settings);
		return { results, paginationToken: next };
	} catch (error) {
		throw nodeError(error, { node: context.getNode(), title: provider.title, provider });
	}
}

type Part = string | null | undefined;

/** Name of an event in a list: the field that shows it is narrow, so what tells most comes first. */
export function eventName(action: Part, time: Part, description?: Part): string {
	const toTheSecond = time?.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2');
	return [action, toTheSecond, description].filter(Boolean).join(' · ');
}
