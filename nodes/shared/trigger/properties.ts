/** Parameters of the trigger nodes. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Provider } from '../../../core/provider';
import { filtersCollection, includeRaw, optionsCollection, requestOptions, simplify } from '../parameters';
import type { Preset } from './watch';

export interface Choices {
	/** What a new trigger watches: something that happens in this service. */
	preset: readonly Preset[];
	/** What this service has no events for. */
	without?: readonly Preset[];
	/** Filters of this service alone. */
	filters?: readonly INodeProperties[];
	/** Where there is a list of what things are done to. Default: a text. */
	target?: INodeProperties;
}

const PRESETS: (INodePropertyOptions & { value: Preset })[] = [
	{ name: 'Access Change', value: 'accessChanges', description: 'Sign-ins, users, roles, permissions and API keys' },
	{ name: 'Anything That Alerts', value: 'alerts', description: 'Everything that somebody should know about' },
	{ name: 'Deletion', value: 'deletions', description: 'Something was deleted, removed or voided' },
	{ name: 'DR Test', value: 'drTest', description: 'A disaster recovery test or drill' },
	{
		name: 'Everything',
		value: 'everything',
		description: 'Every event, reads included, but not those of the audit log itself',
	},
	{ name: 'Failback', value: 'failback', description: 'The way back after a failover' },
	{ name: 'Failed Action', value: 'failedActions', description: 'Something was tried and failed or was denied' },
	{ name: 'Failover', value: 'failover', description: 'A failover or recovery' },
	{ name: 'Quarantine', value: 'quarantine', description: 'Quarantine, malware or ransomware' },
];

const watch = ({ preset, without = [] }: Choices): INodeProperties => ({
	displayName: 'Events to Watch',
	name: 'watch',
	type: 'multiOptions',
	options: PRESETS.filter(({ value }) => !without.includes(value)),
	default: [...preset],
	required: true,
	description: 'An event starts the workflow if it is any of these',
});

/** Their names on the canvas, e.g. `failover, DR test`. */
export const watchSubtitle =
	'={{ $parameter["watch"].map((choice) => choice === "drTest" ? "DR test" : choice.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase())).join(", ") }}';

const filters: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'string',
		default: '',
		placeholder: 'e.g. user.*',
		description: 'Only this action. An asterisk stands for any text.',
	},
	{
		displayName: 'Actor',
		name: 'actor',
		type: 'string',
		default: '',
		placeholder: 'e.g. ada@example.com',
		description: 'Only what this actor did: ID, name, label or email',
	},
	{
		displayName: 'Minimum Severity',
		name: 'minimumSeverity',
		type: 'options',
		options: [
			{ name: 'Error', value: 17 },
			{ name: 'Fatal', value: 21 },
			{ name: 'Info', value: 9 },
			{ name: 'Warning', value: 13 },
		],
		default: 13,
	},
];

const targetText: INodeProperties = {
	displayName: 'Target',
	name: 'target',
	type: 'string',
	default: '',
	placeholder: 'e.g. order',
	description: 'Only what was done to this: ID, name or type',
};

const own: INodeProperties[] = [
	{
		displayName: 'Health Items',
		name: 'health',
		type: 'options',
		options: [
			{ name: 'Every 10 Minutes', value: 'tenMinutes' },
			{ name: 'Every Day', value: 'day' },
			{ name: 'Every Hour', value: 'hour' },
			{ name: 'On Change', value: 'change', description: 'Also after polls that failed' },
		],
		default: 'change',
		description:
			'When to start the workflow with an item about the trigger itself: last poll, position, pause and floor. Its field notice says health.',
	},
	includeRaw,
	{
		displayName: 'Max Events per Poll',
		name: 'maxEvents',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1000,
		description: 'How many events may start the workflow at once, within a page. The rest follows with the next polls.',
	},
	{
		displayName: 'Start From',
		name: 'startFrom',
		type: 'dateTime',
		default: '',
		description:
			'Where to start when the trigger has not run before, or when this, its account or its address has changed. Empty: now. Everything since then starts the workflow.',
	},
];

const lateness: INodeProperties = {
	displayName: 'Lateness (Minutes)',
	name: 'latenessMinutes',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 10,
	description: 'How long after its own time an event may show up in the log without being missed',
};

export function triggerProperties(provider: Pick<Provider, 'defaults'>, choices: Choices): INodeProperties[] {
	const { latenessMs } = provider.defaults;
	const options = [...own, { ...lateness, default: latenessMs / 60_000 }, ...requestOptions(provider, { paged: true })];
	return [
		watch(choices),
		simplify,
		filtersCollection([...filters, choices.target ?? targetText, ...(choices.filters ?? [])]),
		optionsCollection(options),
	];
}
