import type { Call } from '../../core/contract';
import {
	created,
	createdSpan,
	eventOutput,
	filtersCollection,
	fromMillis,
	includeRaw,
	optionsCollection,
	rangeEvents,
	requestOptions,
	shaped,
	type Created,
} from '../shared/core';
import type { Operation } from '../shared/operation';
import type { Chosen } from './chosen';

/** For the parameters; what a provider says itself counts where nothing is chosen. */
export const usual = {
	defaults: { baseUrl: '', latenessMs: 600_000, pageSize: 100, maxPageSize: 1000, requestsPerMinute: 60 },
};

const WEEK = 7n * 86_400_000_000_000n;

const filters = created.map((field) =>
	field.name === 'createdAfter'
		? {
				...field,
				description: `${field.description}. Empty: the last seven days, because many lists begin with the oldest.`,
			}
		: field,
);

export const properties = [
	...eventOutput,
	filtersCollection(filters),
	optionsCollection([includeRaw, ...requestOptions(usual, { paged: true })]),
];

export const getAll = ({ provider, settings }: Chosen): Operation<Call> => ({
	properties,
	async *run(step) {
		const { from, to } = createdSpan(step.parameter<Created>('filters', {}), step.timezone);
		const given = settings(step.parameter);
		const { baseUrl, pageSize, maxPageSize } = provider.defaults;
		const size = Math.min(step.options.pageSize ?? pageSize, maxPageSize, step.limit ?? Infinity);
		const source = provider.source(step.client, given, { pageSize: size }, { clock: step.clock, baseUrl });
		const lower = from ?? (to ?? fromMillis(step.clock.now())) - WEEK;
		for await (const event of rangeEvents(source, { from: lower, to }, step.signal)) {
			yield shaped(provider, event, { simplify: step.simplify, ...step.options });
		}
	},
});
