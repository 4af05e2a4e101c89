import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchema } from '../../../forwarder/config/schema/json';

const FILE = 'docs/config.schema.json';

test('the published JSON Schema is the one the command checks with (UPDATE_SCHEMA=1 writes it again)', () => {
	const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
	if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(FILE, text);
	expect(readFileSync(FILE, 'utf8')).toBe(text);
});
