/** A provider that is data, and code where data cannot say it. */
import type { Provider } from '../../core/provider';
import type { Part } from './form/part';
import { recordMaker, type RecordCode } from './record';
import { saidBy } from './said';

export interface ProviderWithCode extends Provider {
	/** What of it is data, and why the rest is not. */
	readonly part: Part;
}

/** What a declaration would say by these words, and what none can. */
interface Code extends RecordCode, Pick<Provider, 'endpoint' | 'integrity' | 'makeKey'> {
	/** @param event reads an element as declared */
	source(event: Provider['event'], ...given: Parameters<Provider['source']>): ReturnType<Provider['source']>;
	auth: Provider['authorize'];
	record: Provider['draft'];
	noise: Provider['isSelfNoise'];
}

type Given = Partial<Code> & Pick<Code, 'source'>;

/**
 * @param data as its file says it. `code` there and the code here name the same: types hold them against each other
 */
export function withCode<K extends keyof Code>(
	data: { code: Readonly<Record<K, string>> },
	code: Required<Pick<Code, K>> & Pick<Code, 'source'>,
): ProviderWithCode {
	const part = data as unknown as Part;
	const said = saidBy(part);
	const { record = { attributes: {} } } = part;
	const { source, auth, noise, record: draft, facts, meaning, attributes, ...own } = code as Given;
	return {
		...{ ...said, part },
		authorize: auth ?? said.authorize,
		source: (...given) => source(said.event, ...given),
		draft: draft ?? recordMaker({ ...part, record }, { facts, meaning, attributes }),
		isSelfNoise: noise ?? (() => false),
		...own,
	};
}
