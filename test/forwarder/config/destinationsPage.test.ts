/** docs/destinations.md is held against the table in code, and its examples are loaded. */
import { readFileSync } from 'node:fs';
import { formatDuration } from '../../../core/durations';
import { presets } from '../../../forwarder/config/presets';
import { GOOD, load } from './scratch';

const PAGE = readFileSync('docs/destinations.md', 'utf8');
const SOURCES = GOOD.slice(GOOD.indexOf('sources:'));
const KEYS = Object.values(presets).flatMap(({ key }) => (key ? [[key.variable, 'user:secret']] : []));
const ENV = { KEY: 'k', OTLP_TOKEN: 't', ...(Object.fromEntries(KEYS) as Record<string, string>) };

const examples = [...PAGE.matchAll(/```yaml\n(destinations:\n[\s\S]*?)```/g)].map(([, yaml]) => yaml!);

test.each(examples)('%s', async (yaml) => {
	const { destinations } = await load(yaml + SOURCES, ENV);
	expect(destinations).toHaveLength(1);
	expect(destinations[0]!.endpoint).toMatch(/^https?:\/\/[^/]+(\/.+)?\/v1\/logs$/);
});

test('every preset has an example', () => {
	const shown = examples.flatMap((yaml) => /preset: (\S+)/.exec(yaml)?.[1] ?? []);
	expect(shown.sort()).toEqual(Object.keys(presets).sort());
});

/** Cells of the rows whose column holds a preset's name. */
function rowsOf(heading: string, column: number): Map<string, string[]> {
	const section = PAGE.slice(PAGE.indexOf(heading), PAGE.indexOf('\n## ', PAGE.indexOf(heading) + 1));
	const cells = section
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.replaceAll('`', '').trim()),
		);
	return new Map(cells.filter((row) => row[column]! in presets).map((row) => [row[column]!, row]));
}

test.each(Object.entries(presets))('the row of %s says what the code knows', (name, preset) => {
	const [, address, oldest, largest] = rowsOf('## What a preset knows', 0).get(name)!;
	const [, header, variable] = rowsOf('## Keys of presets', 0).get(name)!;
	expect(header).toBe(preset.key?.header ?? 'none');
	expect(variable).toBe(preset.key?.variable ?? '');
	const age = preset.maxEventAgeMs;
	const hours = age === undefined ? '' : `${age / 3_600_000} h`;
	expect([hours, age && formatDuration(age).replace(/(\d)(\D)/, '$1 $2')]).toContain(oldest);
	const bytes = preset.limits.maxRecordBytes;
	const size = bytes === undefined ? '' : bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1000} kB`;
	expect(largest).toBe(size);
	expect(address).toContain(preset.sites ? 'site' : 'endpoint');
	if (preset.path) expect(address).toContain(preset.path);
	if (name !== 'datadog') for (const site of Object.keys(preset.sites ?? {})) expect(address).toContain(site);
});

test('every preset has an honest status', () => {
	const rows = rowsOf('## Which are tried', 1);
	expect([...rows.keys()].sort()).toEqual(Object.keys(presets).sort());
	for (const [, , status] of rows.values())
		expect(['real software', 'documented behaviour', 'untried']).toContain(status);
});
