/** What follows from the settings that a provider declares. */
import type { Provider, Setting, Settings } from './provider';

/** The settings with a property, by name. */
export function settingsThat(
	{ settings }: Pick<Provider, 'settings'>,
	test: (setting: Setting) => boolean | undefined,
): string[] {
	return Object.entries(settings).flatMap(([name, setting]) => (test(setting) ? [name] : []));
}

/** Those that say which log it is. */
export function identityOf(provider: Pick<Provider, 'settings'>, settings: Settings): Settings {
	return Object.fromEntries(
		settingsThat(provider, ({ identity }) => identity).flatMap((name) => {
			const value = settings[name];
			return value === undefined ? [] : [[name, value]];
		}),
	);
}

/** `service.instance.id`: whose log it is. Undefined when no setting says it. */
export function tenantOf(provider: Pick<Provider, 'settings'>, settings: Settings): string | undefined {
	return settingsThat(provider, ({ tenant }) => tenant)
		.map((name) => settings[name])
		.find((value) => value !== undefined);
}

/** The text with each `{name}` of a setting filled in as it is. */
export function filled(template: string, settings: Settings): string {
	return template.replace(/\{(\w+)\}/g, (place, name: string) => settings[name] ?? place);
}
