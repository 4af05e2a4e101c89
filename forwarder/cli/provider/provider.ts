/** `audit-relay provider`: which providers there are, and how to bring one's own. */
import type { Command } from 'commander';
import { providerNames } from '../../../providers/registry';
import { examples } from '../context';
import type { Io } from '../io';
import { addCheck } from './check';
import { addList, addShow } from './list';
import { addNew } from './new';

export function addProvider(program: Command, io: Io): void {
	const group = program
		.command('provider')
		.description('list and show providers, write a declaration of your own and prove it')
		.addHelpText(
			'after',
			examples(
				['audit-relay provider list', 'what is built in'],
				[`audit-relay provider show ${providerNames[0]}`, 'its settings, and what is known of it'],
				['audit-relay provider new acme', 'write a commented start: acme.provider.yaml'],
				['audit-relay provider check acme.provider.yaml', 'prove that nothing is lost'],
			),
		);
	for (const add of [addList, addShow, addNew, addCheck]) add(group, io);
}
