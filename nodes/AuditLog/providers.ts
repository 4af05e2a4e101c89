/** Which providers these nodes know, and what a node is asked of each. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Setting } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declared, placesIn } from '../shared/core';

export const PASTED = 'pasted';

/** What the two credentials can send. */
const KINDS: readonly Declaration['auth']['kind'][] = ['header', 'basic', 'clientCredentials'];

export const canAuthorize = ({ auth }: Declaration) => KINDS.includes(auth.kind);

export const builtIn: readonly Declaration[] = declared.filter(canAuthorize);

/** Names are those of the declaration, so they get a prefix of their own among the parameters. */
export const parameterOf = (setting: string) => `setting${setting.charAt(0).toUpperCase()}${setting.slice(1)}`;

/**
 * Without what the credential says: keys and users, and what is part of an address that the credential has.
 * @param withBase also what is part of the base URL
 */
export function askedSettings(declaration: Declaration, withBase: boolean): [string, Setting][] {
	const { settings = {}, auth, baseUrl, ...rest } = declaration;
	const ofCredential = new Set([
		...placesOf(auth),
		...(withBase ? [] : placesOf(baseUrl)),
		...[auth.user, auth.password].filter((name) => name !== undefined),
		...['clientId', 'clientSecret'].filter(() => auth.kind === 'clientCredentials'),
	]);
	const needed = new Set([...placesOf(rest), ...(withBase ? placesOf(baseUrl) : [])]);
	return Object.entries(settings).filter(
		([name, { secret }]) => !secret && (needed.has(name) || !ofCredential.has(name)),
	);
}

/** `{log}` and `{log.time}` both ask for `log`. */
const placesOf = (part: unknown) => placesIn(JSON.stringify(part)).map((place) => place.split('.')[0]!);

const byName = (a: INodePropertyOptions, b: INodePropertyOptions) => a.name.localeCompare(b.name);

const choices: INodePropertyOptions[] = [
	...builtIn.map(({ title, name }) => ({ name: title, value: name })),
	{ name: 'Pasted Declaration', value: PASTED, description: 'Any other API, as a declaration says it is' },
].sort(byName);

const first = choices[0]!.value;

const provider: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	noDataExpression: true,
	options: choices,
	default: first,
	description: 'Whose audit log is read',
};

const onlyFor = (name: string) => ({ show: { provider: [name] } });

function fieldOf(of: string, name: string, setting: Setting): INodeProperties {
	const { title, description, required, values, default: usual, example = name } = setting;
	const field = {
		...{ displayName: title, name: parameterOf(name), displayOptions: onlyFor(of), description },
		...(required && { required }),
	};
	if (!values) return { ...field, type: 'string', default: usual ?? '', placeholder: `e.g. ${example}` };
	const options = values.map((value) => ({ name: value, value })).sort(byName);
	return { ...field, type: 'options', options, default: usual ?? values[0] ?? '' };
}

export const providerFields: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Key or Password', value: 'key' },
			{ name: 'OAuth2', value: 'oAuth2' },
		],
		default: 'key',
	},
	provider,
	...builtIn.flatMap((declaration) =>
		askedSettings(declaration, false).map(([name, setting]) => fieldOf(declaration.name, name, setting)),
	),
	{
		displayName: 'Declaration',
		name: 'declaration',
		type: 'string',
		noDataExpression: true,
		typeOptions: { rows: 12 },
		displayOptions: onlyFor(PASTED),
		required: true,
		default: '',
		placeholder: 'e.g. name: acme …',
		description:
			'YAML or JSON, as the command "audit-relay provider new" begins one. Its base URL is that of the credential.',
	},
	{
		displayName: 'Settings',
		name: 'settings',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		displayOptions: onlyFor(PASTED),
		placeholder: 'Add Setting',
		default: {},
		description: 'Values of the settings of the declaration, apart from secret ones, which the credential has',
		options: [
			{
				displayName: 'Setting',
				name: 'setting',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. organization' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: 'e.g. acme' },
				],
			},
		],
	},
];
