/** A configuration of one source and one destination, as `audit-relay init` writes it for whoever has said what they want. */
import type { Provider } from '../../core/provider';
import { stringify } from 'yaml';

export interface Wanted {
	provider: Provider;
	/** Values as they stand in the file: secrets as references. */
	settings: Readonly<Record<string, string>>;
	baseUrl?: string;
	start: string;
	destination: {
		name: string;
		preset?: string;
		site?: string;
		endpoint?: string;
		allowInsecure?: boolean;
		headers?: Readonly<Record<string, string>>;
	};
}

export function written({ provider, settings, baseUrl, start, destination }: Wanted): string {
	const source = {
		name: provider.name,
		provider: provider.name,
		...settings,
		...(baseUrl !== undefined && { baseUrl }),
		start,
	};
	return `# Audit Relay configuration. \`audit-relay check\` tries it out, \`audit-relay run\` starts it.
#
# Secrets are never in this file. Write "\${env:NAME}" for an environment variable or "\${file:/path}" for a file;
# both are read again when they change, so keys can be rotated without a restart.

state:
  path: ./audit-relay.db # positions, and events that are not delivered yet

${section('destinations', destination)}
${section('sources', source)}    filter:
      dropReads: true # drop the events that our own polling causes
`;
}

function section(name: string, entry: object): string {
	const lines = stringify([JSON.parse(JSON.stringify(entry))], { lineWidth: 0 })
		.trimEnd()
		.split('\n');
	return `${name}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
