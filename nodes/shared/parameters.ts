/** Parameters that several nodes have in common. */
import { isResourceLocatorValue, updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { text } from '../../core/record/attributes';
import type { Provider } from '../../core/provider';
import { InvalidInput } from './errors';
import { asFiles } from './files';

/** The same parameters, shown for one operation of one resource only. */
export function shownFor(resource: string, operation: string, properties: INodeProperties[]): INodeProperties[] {
	return updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, properties);
}

/** Of a parameter inside a collection: what was picked from a list or typed, without space around it; empty when nothing was. */
export function pickedValue(value: unknown): string {
	return text(isResourceLocatorValue(value) ? value.value : value)?.trim() ?? '';
}

/** Expressions give text, too. What is no number would make a wait without an end of it. */
export function numberFrom(least: number, label: string, value: unknown): number {
	const number = value === '' ? NaN : Number(value);
	if (number >= least) return number;
	throw new InvalidInput(
		`${label} is not a number from ${least} on`,
		`It was: ${JSON.stringify(value)}. Check the expression, or remove the option.`,
	);
}

export const returnAllOrLimit: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
];

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const includeRaw: INodeProperties = {
	displayName: 'Include Raw JSON',
	name: 'includeRaw',
	type: 'boolean',
	default: false,
	description:
		'Whether to add the field raw with the JSON text exactly as received. Numbers too large for JavaScript keep all their digits there.',
};

/** Of lists of events. */
export const eventOutput: INodeProperties[] = [...returnAllOrLimit, simplify, ...asFiles];

const pageSize: INodeProperties = {
	displayName: 'Page Size',
	name: 'pageSize',
	type: 'number',
	default: 100,
	description: 'How many results to ask for per request. A smaller limit asks for less.',
};

const retries: INodeProperties = {
	displayName: 'Retries',
	name: 'retries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10 },
	default: 4,
	description:
		'How often a request is repeated after a rate limit, a server fault or a broken connection before the node gives up',
};

/** How requests are made: retries, and page size where there are pages. */
export function requestOptions(
	{ defaults }: Pick<Provider, 'defaults'>,
	{ paged }: { paged: boolean },
): INodeProperties[] {
	const sizes = { default: defaults.pageSize, typeOptions: { minValue: 1, maxValue: defaults.maxPageSize } };
	return [...(paged ? [{ ...pageSize, ...sizes }] : []), retries];
}

export function optionsCollection(entries: INodeProperties[]): INodeProperties {
	const options = [...entries].sort((a, b) => a.displayName.localeCompare(b.displayName));
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}

export function filtersCollection(entries: INodeProperties[]): INodeProperties {
	const options = [...entries].sort((a, b) => a.displayName.localeCompare(b.displayName));
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options,
	};
}
