import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchema } from '../../../forwarder/config/schema/json';

const FILE = 'docs/config.schema.json';

test('the published JSON Schema is the one the command checks with (UPDATE_SCHEMA=1 writes it again)', () => {
	const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
	if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, text);
	expect(readFileSync(FILE, 'utf8')).toBe(text);
});

interface Text {
	pattern?: string;
	anyOf?: Text[];
	enum?: string[];
	properties?: Record<string, Text>;
}

test('an editor takes a field of a table where a text of a source must have a certain form', () => {
	const { properties, $defs } = jsonSchema() as {
		properties: { sources: { items: Text } };
		$defs: Record<string, Text>;
	};
	const takes = ({ pattern, anyOf, enum: values }: Text, text: string): boolean =>
		anyOf?.some((one) => takes(one, text)) ?? values?.includes(text) ?? new RegExp(pattern ?? '').test(text);
	const github = properties.sources.items
		.anyOf!.map((one) => one.properties!)
		.find((one) => one['events'] && one['scope'])!;
	for (const [schema, good, wrong] of [
		[$defs['pollInterval']!, '60s', 'soon'],
		[$defs['verify']!.properties!['every']!, '1d', 'daily'],
		[github['name']!, 'acme', 'a b'],
		[github['scope']!, 'enterprises', 'other'],
	] as const) {
		expect([good, '{interval}', '${env:INTERVAL}', wrong].map((text) => takes(schema, text))).toEqual([
			true,
			true,
			true,
			false,
		]);
	}
});
