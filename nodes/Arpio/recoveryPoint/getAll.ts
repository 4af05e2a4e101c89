import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { SyncPair } from '../../../providers/arpio/types';
import {
	arpio,
	created,
	createdSpan,
	filtersCollection,
	InvalidInput,
	optionsCollection,
	requestOptions,
	returnAllOrLimit,
	type Created,
} from '../../shared/core';
import { application, pickedApplication } from '../application/locator';
import type { ArpioOperation, ArpioStep } from '../service';

const PAIR = [
	['sourceAwsAccountId', 'Source AWS Account ID', '111122223333'],
	['sourceRegion', 'Source Region', 'eu-central-1'],
	['targetAwsAccountId', 'Target AWS Account ID', '444455556666'],
	['targetRegion', 'Target Region', 'ap-northeast-1'],
] as const;

const ofApplication = { show: { environments: ['application'] } };
const byHand = { show: { environments: ['manual'] } };

const properties: INodeProperties[] = [
	{
		displayName: 'Environments',
		name: 'environments',
		type: 'options',
		options: [
			{ name: 'Of an Application', value: 'application' },
			{ name: 'Specify', value: 'manual' },
		],
		default: 'application',
		description: 'The pair of AWS accounts and regions whose recovery points are listed',
	},
	{ ...application, displayOptions: ofApplication },
	...PAIR.map(([name, displayName, example]): INodeProperties => ({
		displayName,
		name,
		type: 'string',
		required: true,
		displayOptions: byHand,
		default: '',
		placeholder: `e.g. ${example}`,
	})),
	...returnAllOrLimit,
	filtersCollection([
		...created,
		{
			displayName: 'Protected Only',
			name: 'protectedOnly',
			type: 'boolean',
			default: true,
			description: 'Whether to return only recovery points that are kept for good',
		},
	]),
	optionsCollection(requestOptions(arpio, { paged: false })),
];

export const getAll: ArpioOperation = {
	properties,
	async *run(step) {
		const filters = step.parameter<Created & { protectedOnly?: boolean }>('filters', {});
		const span = createdSpan(filters, step.timezone);
		for (const point of await step.client.recoveryPoints(await pairOf(step), span, step.signal)) {
			if (!filters.protectedOnly || point.protected === true) yield point as IDataObject;
		}
	},
};

async function pairOf(step: ArpioStep): Promise<SyncPair> {
	const manual = step.parameter<string>('environments', 'application') === 'manual';
	const given: Partial<SyncPair> = manual
		? Object.fromEntries(PAIR.map(([name]) => [name, step.words(name)]))
		: await step.client.application(pickedApplication(step), step.signal);
	const missing = PAIR.filter(([name]) => !given[name]).map(([, label]) => label);
	if (missing.length === 0) return given as SyncPair;
	const whose = manual ? 'The environments are' : "The application's environments are";
	throw new InvalidInput(
		`${whose} not complete`,
		`Missing: ${missing.join(', ')}. Only AWS environments have recovery points here.`,
	);
}
