/** What is tried out: a declaration, as a source with made-up settings and keys. */
import type { Provider } from '../../core/provider';
import type { Declaration } from '../../providers/declared/form/declaration';
import { declaredProvider } from '../../providers/declared/provider';
import type { Json, Values } from '../../sandbox/declared/places';

export interface Subject {
	declaration: Declaration;
	provider: Provider;
	settings: Values;
	secrets: Values;
	/** What the API really is, where that is not what is declared. */
	api?: Declaration;
	/** Events as the API writes them. */
	examples: readonly Json[];
}

const KEY_FILE = JSON.stringify({ client_email: 'made-up@example.test', private_key: 'made up' });

/** With the first value of each setting that has several. */
export function subjectOf(declaration: Declaration, examples: readonly Json[] = []): Subject {
	const provider = declaredProvider(declaration);
	const entries = Object.entries(provider.settings);
	const plain = entries.flatMap(([name, { secret, default: usual, values: allowed = [], example }]) =>
		secret ? [] : [[name, usual ?? allowed[0] ?? example ?? 'acme'] as const],
	);
	const secrets = entries.flatMap(([name, { secret, multiline }]) =>
		secret ? [[name, multiline ? KEY_FILE : `made-up-${name}`] as const] : [],
	);
	return {
		...{ declaration, provider, examples },
		settings: Object.fromEntries(plain),
		secrets: Object.fromEntries(secrets),
	};
}

/** The same with the other values of the settings that something depends on. */
export function variantsOf(subject: Subject): Subject[] {
	const { per = {} } = subject.declaration;
	return Object.entries(per).flatMap(([name, values]) =>
		Object.keys(values)
			.filter((value) => value !== subject.settings[name])
			.map((value) => ({ ...subject, settings: { ...subject.settings, [name]: value } })),
	);
}
