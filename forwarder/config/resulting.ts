/** What a configuration comes to, as one file would say it, and where each value is from. References stay references: no secret is read. */
import { exactDuration } from '../../core/durations';
import type { KeyPath } from './errors';
import { formatKey } from './errors';
import { layerOf, merged } from './layers';
import type { Loaded } from './load';
import { presets } from './presets';
import { Destination } from './schema/destination';
import { ConfigFile, usualOf } from './schema/file';
import { AnySource } from './schema/source';
import { STATE_FILE, type Config, type DestinationConfig, type SourceConfig } from './types';
import { isMap, type Values } from './yamlFile';

export interface Resulting {
	data: Values;
	/** Of each value that is no map, by its key: `conf.d/acme.yaml:3`, `default of <provider>`, `default`. */
	origins: ReadonlyMap<string, string>;
}

interface Known {
	values: Values;
	/** Absent: a file. */
	from?: string;
}

/** @param chosen indices of sources; absent: the whole file */
export function resulting(loaded: Loaded, chosen?: readonly number[]): Resulting {
	const { assembled, config } = loaded;
	const origins = new Map<string, string>();
	const completed = (at: KeyPath, shown: KeyPath, values: Values, ...below: Known[]): Values => {
		const layers: Known[] = [{ values }, ...below];
		const whole = merged(layers);
		const note = (value: unknown, key: KeyPath) => {
			if (isMap(value)) return Object.entries(value).forEach(([name, item]) => note(item, [...key, name]));
			const { file = assembled.files[0].path, line } = assembled.placeOf([...at, ...key]);
			origins.set(formatKey([...shown, ...key]), layerOf(layers, key).from ?? `${file}:${line}`);
		};
		note(whole, []);
		return whole;
	};
	const entries = (section: string) => (assembled.data[section] ?? []) as Values[];
	const sources = (chosen ?? entries('sources').map((_, index) => index)).map((index, place) => {
		const built = loaded.sources[index]!;
		const { provider } = built[0]!;
		const provided = { values: common(built.map(bySource)), from: `default of ${provider.title}` };
		const all = { values: { destinations: built[0]!.destinations }, from: 'default: all' };
		const { name, ...more } = entries('sources')[index]!;
		const values = { name, provider: more['provider'], ...more };
		return completed(['sources', index], ['sources', place], values, provided, all, usual(AnySource));
	});
	if (chosen) return { data: { sources }, origins };
	const destinations = entries('destinations').map((values, index) => {
		const { known, others } = byDestination(config.destinations[index]!);
		const at = ['destinations', index];
		return completed(at, at, values, ...known, { values: others, from: 'default' }, usual(Destination));
	});
	const { sources: _sources, destinations: _destinations, ...rest } = assembled.data;
	const state = { values: { state: byState(config) }, from: 'default' };
	const { deadLetters: _none, state: _usual, ...once } = usual(ConfigFile).values;
	const whole = completed([], [], rest, state, { values: once, from: 'default' });
	return { data: { ...whole, ...(destinations.length > 0 && { destinations }), sources }, origins };
}

const usual = (schema: typeof AnySource | typeof Destination | typeof ConfigFile) => ({
	values: usualOf(schema),
	from: 'default',
});

/** What its provider says. The page size is not among it: it grows while catching up, unless it is given. */
function bySource({ provider, baseUrl, latenessMs, retentionMs, reconcile, rateLimit }: SourceConfig): Values {
	const settings = Object.entries(provider.settings).filter(([, { default: usual }]) => usual !== undefined);
	return {
		...Object.fromEntries(settings.map(([key, { default: usual }]) => [key, usual])),
		baseUrl,
		lateness: exactDuration(latenessMs),
		...(retentionMs !== undefined && { retention: exactDuration(retentionMs) }),
		rateLimit: { requestsPerMinute: rateLimit.requestsPerMinute },
		reconcile: reconcile
			? { enabled: true, every: exactDuration(reconcile.everyMs), span: exactDuration(reconcile.spanMs) }
			: { enabled: false },
	};
}

/** Those of several sources of one entry that are the same in all. */
function common([first, ...others]: Values[]): Values {
	const same = (key: string) => others.every((one) => JSON.stringify(one[key]) === JSON.stringify(first![key]));
	return Object.fromEntries(Object.entries(first!).filter(([key]) => same(key)));
}

/** What its preset says, and what the program does where that says nothing. */
function byDestination(destination: DestinationConfig): { known: Known[]; others: Values } {
	const { endpoint, compression, maxEventAgeMs, timeoutMs, headers, preset: name } = destination;
	const others = { timeout: exactDuration(timeoutMs), compression };
	if (name === undefined) return { known: [], others };
	const preset = presets[name]!;
	const { key } = preset;
	const values = {
		endpoint,
		compression,
		...(maxEventAgeMs !== undefined && { maxEventAge: exactDuration(maxEventAgeMs) }),
		...(preset.timeoutMs !== undefined && { timeout: exactDuration(timeoutMs) }),
		...(key && headers[key.header] && { headers: { [key.header]: `\${env:${key.variable}}` } }),
	};
	return { known: [{ values, from: `preset ${name}` }], others };
}

function byState({ database }: Config): Values {
	if (!database) return { path: STATE_FILE };
	const { schema, pool, leaseTtlMs } = database;
	return { schema, pool, lease: { ttl: exactDuration(leaseTtlMs) } };
}
