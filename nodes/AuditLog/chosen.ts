/** The provider that a node was given: a declaration, at the address that the credential names. */
import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';
import type { Provider, Settings } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider, filledIn, InvalidInput, pastedDeclaration, text } from '../shared/core';
import { lacks, type AuditLogCredential } from './authentication';
import { askedSettings, builtIn, parameterOf, PASTED } from './providers';

/** Value of a parameter of the node. */
export type Parameter = (name: string, fallback?: unknown) => unknown;

export interface Chosen {
	provider: Provider;
	credentialType: string;
	/** Throws `InvalidInput` for what is missing or unknown. */
	settings(parameter: Parameter): Settings;
}

export async function chosen(context: IExecuteFunctions | IPollFunctions, parameter: Parameter): Promise<Chosen> {
	const name = parameter('provider');
	const isPasted = name === PASTED;
	const declaration = isPasted
		? pastedDeclaration(text(parameter('declaration', '')) ?? '')
		: builtIn.find((one) => one.name === name);
	if (!declaration) throw new InvalidInput(`${text(name)} is not a provider of this node`, 'Choose one from the list.');
	const isOAuth2 = parameter('authentication', 'key') === 'oAuth2';
	const credentialType = isOAuth2 ? 'auditLogOAuth2Api' : 'auditLogApi';
	const credential = await context.getCredentials<AuditLogCredential>(credentialType);
	const lack = lacks(declaration, isOAuth2, credential);
	if (lack) throw new InvalidInput(...lack);
	const baseUrl = baseOf(credential);
	return {
		credentialType,
		// whatever a declaration says, requests go to the address that stands beside the key
		provider: declaredProvider({ ...declaration, baseUrl }),
		settings(of) {
			const settings = isPasted ? pastedSettings(declaration, of) : ownSettings(declaration, of);
			if (isPasted) sameAddress(declaration, settings, baseUrl);
			return settings;
		},
	};
}

function baseOf({ baseUrl }: AuditLogCredential): string {
	const address = (baseUrl ?? '').trim().replace(/\/+$/, '');
	if (/^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/i.test(address)) return address;
	throw new InvalidInput('The base URL of the credential is not an address', 'Enter one like https://api.example.com.');
}

function ownSettings(declaration: Declaration, parameter: Parameter): Settings {
	const given = askedSettings(declaration, false).map(([name]) => [
		name,
		text(parameter(parameterOf(name), ''))?.trim(),
	]);
	return checked(declaration, Object.fromEntries(given) as Settings, false);
}

function pastedSettings(declaration: Declaration, parameter: Parameter): Settings {
	const { setting = [] } = parameter('settings', {}) as { setting?: { name?: string; value?: unknown }[] };
	const given = setting.map(({ name = '', value }) => [name.trim(), text(value)?.trim()] as const);
	for (const [name] of given) {
		const of = declaration.settings?.[name];
		if (of && !of.secret) continue;
		const known = askedSettings(declaration, true).map(([one]) => one);
		throw new InvalidInput(
			of
				? `The setting ${name} is secret`
				: `${name || 'A setting without a name'} is not a setting of ${declaration.title}`,
			of ? 'It belongs into the credential.' : `Settings: ${known.join(', ') || 'none'}.`,
		);
	}
	return checked(declaration, Object.fromEntries(given) as Settings, true);
}

function checked(declaration: Declaration, given: Settings, withBase: boolean): Settings {
	const all = askedSettings(declaration, withBase).map(
		([name, { title, description, required, values, default: usual }]) => {
			const value = given[name] || usual;
			if (value === undefined && required) throw new InvalidInput(`${title} is missing`, `${description}.`);
			if (value !== undefined && values && !values.includes(value))
				throw new InvalidInput(`"${value}" is not a value of ${title}`, `Values: ${values.join(', ')}.`);
			return [name, value];
		},
	);
	return Object.fromEntries(all) as Settings;
}

/** Whoever may edit a workflow must not be able to send a shared key elsewhere, nor believe that it would go there. */
function sameAddress(declaration: Declaration, settings: Settings, baseUrl: string): void {
	const declared = filledIn(declaration.baseUrl, settings).replace(/\/+$/, '');
	if (declared.toLowerCase() === baseUrl.toLowerCase()) return;
	throw new InvalidInput(
		'The declaration is for another address than the credential',
		`It says ${declared}, the credential ${baseUrl}. Choose the credential for that address, or put the address of the credential into the declaration.`,
	);
}
