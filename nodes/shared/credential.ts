/** What the credentials have in common. */
import type { IAuthenticateRuleResponseCode, INodeProperties } from 'n8n-workflow';

/** Of a credential's test, which follows no redirect: what one would say otherwise is "Found". */
export const redirects: IAuthenticateRuleResponseCode[] = [301, 302, 303, 307, 308].map((value) => ({
	type: 'responseCode',
	properties: {
		value,
		message:
			'The address answered with a redirect, which is not followed, because it would carry the key to another host. Enter the address to which it leads.',
	},
}));

/** How fast all nodes and triggers with the credential are together. */
export const pace = (requestsPerMinute: number): INodeProperties[] => [
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: requestsPerMinute,
		description: 'Of all nodes and triggers with this credential together',
	},
	{
		displayName: 'Processes Sharing It',
		name: 'processes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description:
			'How many n8n processes use this credential: in queue mode the workers and the main process. Each of them gets its part of the requests per minute.',
	},
];
