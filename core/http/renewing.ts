import type { Transport } from '../contract';
import type { Tokens } from '../provider';

/** A token may end before its time: one that is refused is renewed once. */
export function renewing(transport: Transport, tokens: Tokens | undefined): Transport {
	if (!tokens) return transport;
	return async (request) => {
		const response = await transport(request);
		if (response.status !== 401) return response;
		tokens.refused();
		return transport(request);
	};
}
