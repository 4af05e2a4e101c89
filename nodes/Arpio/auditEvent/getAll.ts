import {
	arpio,
	created,
	createdSpan,
	eventOutput,
	filtersCollection,
	includeRaw,
	optionsCollection,
	pickedValue,
	requestOptions,
	shaped,
	type Created,
} from '../../shared/core';
import { withNames } from '../application/known';
import { applicationFilter } from '../application/locator';
import { eventPages } from './pages';
import { wants, type LocalFilters } from './filters';
import type { ArpioOperation } from '../service';

type Given = Omit<LocalFilters, 'applicationId'> & Created & { application?: unknown };

export const getAll: ArpioOperation = {
	properties: [
		...eventOutput,
		filtersCollection([
			{
				displayName: 'Access',
				name: 'access',
				type: 'options',
				options: [
					{ name: 'Read', value: 'read' },
					{ name: 'Write', value: 'write' },
				],
				default: 'write',
				description: 'Applied in this node, as the API has no such filter',
			},
			{
				...applicationFilter,
				description: 'Only events about this application. Applied in this node, as the API has no such filter.',
			},
			{
				displayName: 'Category',
				name: 'categories',
				type: 'multiOptions',
				options: [
					{ name: 'Access', value: 'access' },
					{ name: 'Config', value: 'config' },
					{ name: 'Data', value: 'data' },
					{ name: 'DR Test', value: 'dr_test' },
					{ name: 'Failback', value: 'failback' },
					{ name: 'Failover', value: 'failover' },
					{ name: 'Other', value: 'other' },
					{ name: 'Quarantine', value: 'quarantine' },
					{ name: 'Read', value: 'read' },
				],
				default: [],
				description: 'What an event is about, as derived from its type. Applied in this node.',
			},
			...created,
			{
				displayName: 'Result',
				name: 'result',
				type: 'options',
				options: [
					{ name: 'Not Success', value: 'failure' },
					{ name: 'Success', value: 'success' },
				],
				default: 'failure',
				description: 'Applied in this node, as the API has no such filter',
			},
			{
				displayName: 'Type',
				name: 'type',
				type: 'string',
				default: '',
				placeholder: 'e.g. startApplicationTest',
				description: 'Exact type of the event. Applied in this node, as the API has no such filter.',
			},
		]),
		optionsCollection([includeRaw, ...requestOptions(arpio, { paged: true })]),
	],

	async *run(step) {
		const { createdAfter, createdBefore, application, ...rest } = step.parameter<Given>('filters', {});
		const local: LocalFilters = { ...rest, applicationId: pickedValue(application) };
		const span = createdSpan({ createdAfter, createdBefore }, step.timezone);
		const usual = Math.min(step.options.pageSize ?? arpio.defaults.pageSize, arpio.defaults.maxPageSize);
		const unfiltered = !Object.values<string | unknown[] | undefined>({ ...local }).some((value) => value?.length);
		const pageSize = unfiltered ? Math.min(usual, step.limit ?? usual) : usual;
		for await (const { events, mayBeCut } of eventPages(step, span, pageSize)) {
			const wanted = events.filter((event) => wants(local, event));
			for (const event of await withNames(step.context, wanted, step.signal)) {
				yield shaped(arpio, event, { simplify: step.simplify, ...step.options });
			}
			if (!mayBeCut) continue;
			const advice = 'Set Created After and Created Before.';
			step.hint(`Arpio gave a full page and no way to go on: there may be more. ${advice}`);
		}
	},
};
