/** `audit-relay config show`: one file that means the same as all that was read, with the place of each value as a comment. */
import type { Command } from 'commander';
import { Document, isCollection, isMap, isNode, isSeq, visit } from 'yaml';
import type { Loaded } from '../../config/load';
import { ENV_DESTINATION, otlpVariables } from '../../config/otelEnv';
import { formatKey } from '../../config/errors';
import { resulting, type Resulting } from '../../config/resulting';
import { sourceNamed } from '../chosen';
import { contextOf, examples } from '../context';
import type { Io } from '../io';

export function addShow(group: Command, io: Io): void {
	group
		.command('show')
		.description('show what results, with where each value comes from')
		.option('--source <name>', 'only this source')
		.option('--no-origins', 'without where each value comes from')
		.addHelpText(
			'after',
			examples(
				['audit-relay config show', 'file and line, or whose default it is, beside each value'],
				['audit-relay config show --source acme', 'one source'],
				['audit-relay config show --no-origins > one.yaml', 'one file that means the same'],
			) +
				'\nReferences are shown as references, never what they stand for. Paths are relative to the configuration file.\n',
		)
		.action(async ({ source, origins }: { source?: string; origins: boolean }, command: Command) => {
			const { json, loaded } = contextOf(command, io);
			const found = await loaded();
			const result = resulting(found, source === undefined ? undefined : [entryOf(found, source)]);
			const fromEnv = result.data['destinations'] || source !== undefined ? [] : otlpVariables(io.env);
			if (json) {
				const places = origins && { origins: Object.fromEntries(result.origins) };
				const variables = fromEnv.length > 0 && { environment: fromEnv };
				io.stdout.write(`${JSON.stringify({ ok: true, config: result.data, ...places, ...variables })}\n`);
				return;
			}
			if (fromEnv.length > 0) io.stdout.write(`# destination ${ENV_DESTINATION}: ${fromEnv.join(', ')}\n`);
			io.stdout.write(text(result, origins));
		});
}

/** By the name in the file, or that of one of the sources made of it. Throws `UsageError`. */
function entryOf({ config, assembled, sources }: Loaded, name: string): number {
	const entries = assembled.data['sources'] as { name: string }[];
	const index = entries.findIndex((entry) => entry.name === name);
	if (index >= 0) return index;
	const named = sourceNamed(config, name);
	return sources.findIndex((built) => built.includes(named));
}

function text({ data, origins }: Resulting, withOrigins: boolean): string {
	const document = new Document(data, { aliasDuplicateObjects: false });
	visit(document, {
		Seq(_key, node) {
			node.flow = !node.items.some(isCollection);
		},
		Map(_key, node) {
			node.flow = node.items.length === 0;
		},
	});
	if (withOrigins) {
		const note = (node: unknown, path: (string | number)[]): void => {
			if (isMap(node)) for (const { key, value } of node.items) note(value, [...path, String(key)]);
			else if (isSeq(node) && !node.flow) node.items.forEach((item, index) => note(item, [...path, index]));
			else if (isNode(node)) node.comment = ` ${origins.get(formatKey(path)) ?? ''}`;
		};
		note(document.contents, []);
	}
	return document.toString({ lineWidth: 0 });
}
