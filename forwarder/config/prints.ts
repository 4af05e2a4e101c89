/** What a source is made of, as a text that differs when anything about it does. No secret is in it: references stay references. */
import type { SourceConfig } from './types';

/** @param entry as it stands in the files, with ordinary references filled in */
export function printOf(entry: unknown, { settings, destinations, provider }: SourceConfig): string {
	return JSON.stringify([entry, settings, destinations, provider.declaration]);
}
