/** A trigger's parameters and credential, read. */
import type { IPollFunctions } from 'n8n-workflow';
import type { Nanos, SourceEvent } from '../../../core/contract';
import type { Provider, Settings } from '../../../core/provider';
import { object } from '../../../core/record/attributes';
import { hash128 } from '../../../core/record/hash';
import { identityOf, settingsThat, tenantOf } from '../../../core/settings';
import { fromMillis } from '../../../core/time';
import type { Connection, RequestOptions } from '../connect';
import { InvalidInput } from '../errors';
import { instant } from '../instants';
import { numberFrom } from '../parameters';
import type { Shape } from '../shape';
import type { HealthItems } from './health';
import { matcher, type Preset, type Watch } from './watch';

interface Options extends RequestOptions {
	health?: HealthItems;
	includeRaw?: boolean;
	latenessMinutes?: unknown;
	maxEvents?: unknown;
	pageSize?: number;
	startFrom?: unknown;
}

export interface TriggerSettings {
	options: Options;
	matches: (event: SourceEvent) => boolean;
	shape: Shape;
	lateness: Nanos;
	pageSize: number;
	maxEvents: number;
	startFrom?: Nanos;
	/** It is an expression, such as "seven days ago". */
	isStartComputed: boolean;
}

/** @param given Those of the provider, where the node has them. */
export function readSettings(context: IPollFunctions, provider: Provider, given?: Settings): TriggerSettings {
	const options = context.getNodeParameter('options', {}) as Options;
	const presets = context.getNodeParameter('watch', []) as Preset[];
	if (presets.length === 0) {
		throw new InvalidInput('There is nothing to watch', 'Pick at least one entry in Events to Watch.');
	}
	const watch: Watch = { presets, filters: context.getNodeParameter('filters', {}) as Watch['filters'] };
	const { pageSize, maxPageSize } = provider.defaults;
	const latenessMs = (given && provider.lateness?.(given)) ?? provider.defaults.latenessMs;
	return {
		options,
		matches: matcher(provider, watch),
		shape: { simplify: context.getNodeParameter('simplify', true) as boolean, includeRaw: options.includeRaw },
		lateness: fromMillis(numberFrom(0, 'Lateness', options.latenessMinutes ?? latenessMs / 60_000) * 60_000),
		pageSize: Math.min(options.pageSize ?? pageSize, maxPageSize),
		maxEvents: numberFrom(1, 'Max Events per Poll', options.maxEvents ?? 1000),
		startFrom: instant('Start From', options.startFrom, context.getTimezone()),
		isStartComputed: String(typedStart(context)).startsWith('='),
	};
}

/**
 * Of what decides which log is read, and from when on. Where no account is named, another credential may be another account; the
 * key itself is left out, so that a rotated key goes on where the old one stopped.
 */
export function markOf(
	context: IPollFunctions,
	provider: Provider,
	credentialType: string,
	{ baseUrl, settings }: Pick<Connection, 'baseUrl' | 'settings'>,
	given?: Settings,
): string {
	const credential = context.getNode().credentials?.[credentialType]?.id;
	const start = typedStart(context);
	if (given) {
		const account = tenantOf(provider, given) || credential;
		const parts = [provider.name, baseUrl, account, null, start, identityOf(provider, given), provider.endpoint(given)];
		return hash128(JSON.stringify(parts));
	}
	const values = (isRequired: boolean) =>
		settingsThat(provider, ({ identity, required = false }) => identity && required === isRequired).map(
			(name) => settings[name],
		);
	// in this order, because another mark would begin at the start again
	const [[account, ...others], [within, ...more]] = [values(true), values(false)];
	return hash128(JSON.stringify([provider.name, baseUrl, account || credential, within, start, ...others, ...more]));
}

/** As it was typed: an expression such as "seven days ago" has another value in every poll. */
function typedStart(context: IPollFunctions): unknown {
	return object(context.getNode().parameters?.options).startFrom;
}
