/** Every key of the configuration file: what it may hold and what it means. */
import * as z from 'zod';
import { Destination, Telemetry } from './destination';
import { Notification } from './notification';
import { Control, Metrics, Server } from './server';
import { State } from './state';
import { duration, LONGEST, text } from './values';

/** Each of the three is checked by the schema of what it holds for. */
export const Defaults = z.strictObject({
	sources: z.looseObject({}).optional(),
	providers: z.record(z.string(), z.looseObject({})).optional(),
	destinations: z.looseObject({}).optional(),
});

export const DEFAULTS = 'Values for what does not say otherwise. Maps are put together key by key, lists are not.';

/** What a file says of how it is put together with others. */
const assembly = {
	include: z
		.array(text)
		.optional()
		.describe('More files, relative to this one: conf.d/*.yaml. They hold sources, destinations and their defaults.'),
	defaults: Defaults.optional().describe(DEFAULTS),
};

export const MainFile = z.looseObject(assembly);

/** What is there once in a process stands in the main file. */
export const IncludedFile = z.strictObject({
	defaults: assembly.defaults,
	destinations: z.array(z.unknown()).optional(),
	sources: z.array(z.unknown()).optional(),
});

export const ConfigFile = z.strictObject({
	...assembly,
	state: State.prefault({}).describe('Where positions and events not yet delivered are kept.'),
	deadLetters: z
		.strictObject({
			retention: duration('1h', LONGEST)
				.optional()
				.describe('How long they are kept; older ones are removed, and a gap record says so. Default: no limit.'),
		})
		.prefault({})
		.describe('Records that could not be delivered.'),
	metrics: Metrics.prefault({}).describe('What /metrics holds.'),
	telemetry: Telemetry.optional().describe(
		"Receiver of the process's own metrics and logs. Without this key OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER are used.",
	),
	server: Server.prefault({}).describe('Health, metrics and status page.'),
	control: Control.prefault({}).describe('How commands reach the running process.'),
	notifications: z
		.array(Notification)
		.optional()
		.describe('Who is told when a problem of /readyz begins, and when it is over.'),
	destinations: z
		.array(Destination)
		.min(1, { error: 'is empty|Add a destination, or remove the key and set OTEL_EXPORTER_OTLP_ENDPOINT' })
		.optional()
		.describe('OTLP receivers. Without this key OTEL_EXPORTER_OTLP_ENDPOINT is used.'),
	// each is checked by the schema of its provider
	sources: z
		.array(z.looseObject({}))
		.min(1, { error: 'is empty|Add at least one source' })
		.describe('Audit APIs to read.'),
});

/** What is used where a key is not given, as it would be written. */
export function usualOf({ shape }: z.ZodObject): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(shape).flatMap(([key, schema]) => {
			if (!(schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault)) return [];
			const inner: unknown = schema.unwrap();
			if (!(inner instanceof z.ZodObject)) return [[key, schema.def.defaultValue]];
			const within = usualOf(inner);
			return Object.keys(within).length > 0 ? [[key, within]] : [];
		}),
	);
}
