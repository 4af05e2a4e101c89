import type { Clock, Transport } from '../contract';
import type { Provider } from '../provider';

/** With what a provider says of limits in the words of all others. */
export function translated(
	transport: Transport,
	{ answer }: Pick<Provider, 'answer'>,
	clock: Pick<Clock, 'now'>,
): Transport {
	return answer ? async (request) => answer(await transport(request), clock.now()) : transport;
}
