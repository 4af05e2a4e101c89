import * as z from 'zod';
import { allProviders } from '../../../providers/registry';
import { DestinationDefaults } from './destination';
import { ConfigFile, DEFAULTS } from './file';
import { build, common, Each, OwnSource, providerDefaults } from './source';

/** A field of the row that an entry with `each` is filled in from, or a reference: what it stands for is not known here. */
const FIELD = String.raw`\{[A-Za-z_][^{}]*\}`;

/** Where a text must have a certain form, one with a field in it will do. */
function withFields(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(withFields);
	if (typeof schema !== 'object' || schema === null) return schema;
	const { pattern, enum: values, type, ...rest } = schema as Record<string, unknown>;
	const others = Object.entries(rest).map(([key, value]) => [key, withFields(value)]);
	return {
		...(type !== undefined && !values && { type }),
		...(Object.fromEntries(others) as object),
		...(typeof pattern === 'string' && { pattern: `${pattern}|${FIELD}` }),
		...(values !== undefined && { anyOf: [{ enum: values }, { type: 'string', pattern: FIELD }] }),
	};
}

/** JSON Schema of the file, for editors. */
export function jsonSchema(): Record<string, unknown> {
	// said once, and referred to by each provider
	const once = Object.entries(common).map(([key, schema]) => [key, schema.meta({ ...schema.meta(), id: key })]);
	const referred = Object.fromEntries(once) as typeof common;
	const partial = Object.fromEntries(Object.entries(referred).map(([key, schema]) => [key, schema.optional()]));
	const sources = allProviders().map((provider) =>
		build(provider, z.literal(provider.name)).extend({ ...referred, each: Each }),
	);
	const byProvider = allProviders().map((provider) => [
		provider.name,
		providerDefaults(provider).extend(partial).optional().describe(`For sources of ${provider.title}.`),
	]);
	const file = ConfigFile.extend({
		defaults: z
			.strictObject({
				sources: z.strictObject(partial).optional().describe('For all sources.'),
				providers: z
					.object(Object.fromEntries(byProvider) as Record<string, z.ZodType>)
					.catchall(z.looseObject({}))
					.optional()
					.describe('For sources of one provider, by its name or the file that declares it.'),
				destinations: DestinationDefaults.optional().describe('For all destinations.'),
			})
			.optional()
			.describe(DEFAULTS),
		sources: z
			.array(z.union([...sources, OwnSource.extend({ each: Each })]))
			.min(1)
			.describe(ConfigFile.shape.sources.description!),
	});
	const { required: _sources, ...schema } = z.toJSONSchema(file, { io: 'input' });
	return {
		title: 'Audit Relay configuration',
		...schema,
		properties: { ...schema.properties, sources: withFields(schema.properties!['sources']) },
		// what each source has
		$defs: withFields(schema.$defs),
		anyOf: [{ required: ['sources'] }, { required: ['include'] }],
		// left to the user: what anchors stand on
		patternProperties: { '^x-': {} },
	};
}
