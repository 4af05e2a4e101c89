/** Picks the pair of environments that has the recovery points. */
import type { INodeProperties } from 'n8n-workflow';
import type { SyncPair } from '../../../providers/arpio/types';
import { InvalidInput } from '../../shared/core';
import { application, pickedApplication } from '../application/locator';
import type { ArpioStep } from '../service';

const PAIR = [
	['sourceAwsAccountId', 'Source AWS Account ID', '111122223333'],
	['sourceRegion', 'Source Region', 'eu-central-1'],
	['targetAwsAccountId', 'Target AWS Account ID', '444455556666'],
	['targetRegion', 'Target Region', 'ap-northeast-1'],
] as const;

const ofApplication = { show: { environments: ['application'] } };
const byHand = { show: { environments: ['manual'] } };

export const environments: INodeProperties[] = [
	{
		displayName: 'Environments',
		name: 'environments',
		type: 'options',
		options: [
			{ name: 'Of an Application', value: 'application' },
			{ name: 'Specify', value: 'manual' },
		],
		default: 'application',
		description: 'The pair of AWS accounts and regions that have the recovery points',
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
];

export async function pairOf(step: ArpioStep): Promise<SyncPair> {
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
