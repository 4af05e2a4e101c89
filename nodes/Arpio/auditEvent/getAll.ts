import {
	arpio,
	arpioEvent,
	created,
	createdSpan,
	filtersCollection,
	includeRaw,
	object,
	optionsCollection,
	PositionRejected,
	readable,
	requestOptions,
	returnAllOrLimit,
	shaped,
	simplify,
	text,
	type Created,
} from '../../shared/core';
import { wants, type LocalFilters } from './filters';
import type { ArpioOperation } from '../service';

export const getAll: ArpioOperation = {
	properties: [
		...returnAllOrLimit,
		simplify,
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
				displayName: 'Application ID',
				name: 'applicationId',
				type: 'string',
				default: '',
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
		const { createdAfter, createdBefore, ...local } = step.parameter<LocalFilters & Created>('filters', {});
		const span = createdSpan({ createdAfter, createdBefore }, step.timezone);
		const wanted = Math.min(step.options.pageSize ?? arpio.defaults.pageSize, arpio.defaults.maxPageSize);
		// a token belongs to the page size that it was given for, so the size is the same for all pages
		const unfiltered = !Object.values<string | unknown[] | undefined>({ ...local }).some((value) => value?.length);
		const pageSize = unfiltered ? Math.min(wanted, step.limit ?? wanted) : wanted;
		const sent = new Set<string>();
		for (let token: string | undefined; ;) {
			const page = await step.client.auditEvents({ ...span, pageSize, token }, step.signal);
			for (const element of page.elements) {
				const id = text(object(element.json).eventId);
				const event = readable({ ...element, id }, arpioEvent(element));
				if (wants(local, event)) yield shaped(arpio, event, { simplify: step.simplify, ...step.options });
			}
			if (page.mayBeCut)
				step.hint(
					'Arpio gave a full page and no way to go on: there may be more. Set Created After and Created Before.',
				);
			token = page.token;
			if (token === undefined) return;
			if (sent.has(token)) throw new PositionRejected('Arpio gave the same continuation token twice.');
			sent.add(token);
		}
	},
};
