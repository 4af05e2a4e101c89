import type { INodeProperties } from 'n8n-workflow';

export const expand: INodeProperties = {
	displayName: 'Expand',
	name: 'expand',
	type: 'multiOptions',
	options: [
		{ name: 'Actor', value: 'actor', description: 'Name and email of the actor' },
		{ name: 'Chain', value: 'chain', description: 'Hashes of the entry and of the one before' },
		{ name: 'Diff', value: 'diff', description: 'What was changed, before and after' },
		{ name: 'Resource', value: 'resource', description: 'What was acted on, as it is now' },
	],
	default: [],
	description:
		'What to fill in. Each needs the read scope of what it fills in; a list is returned without it where the key lacks one.',
};
