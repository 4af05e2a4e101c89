/** The core's transport on top of n8n's request helper. */
import type { ICredentialsDecrypted } from 'n8n-workflow';
import type { Transport } from '../../core/contract';
import { queryText } from '../../core/http/queryText';
import { addressBelow } from './below';
import { sendOnce, type Requesting } from './send';

/** @param baseUrl Without a slash at the end. */
export function n8nTransport(context: Requesting, credential: ICredentialsDecrypted, baseUrl: string): Transport {
	return async (request) => {
		const { path, query, body } = request;
		const url = addressBelow(baseUrl, path) + queryText(query);
		const type = body !== undefined && { 'content-type': 'application/json' };
		const headers = { accept: 'application/json', ...type, ...request.headers };
		return sendOnce(context, credential, request, { url, headers, body });
	};
}
