import { Section } from './section';

/** What is in force: secrets are references, as in the file. */
export function Configuration({ of }: { of: Record<string, unknown> }) {
	return (
		<Section title="Configuration in force">
			<pre tabIndex={0} aria-label="Configuration in force">
				{linesOf(of, '').join('\n')}
			</pre>
		</Section>
	);
}

/** As one would write it in the file. */
function linesOf(value: Record<string, unknown>, indent: string): string[] {
	return Object.entries(value).flatMap(([key, one]) => {
		if (one === null || typeof one !== 'object') return [`${indent}${key}: ${plain(one)}`];
		if (Array.isArray(one)) return [`${indent}${key}: [${one.map((item) => plain(item)).join(', ')}]`];
		return [`${indent}${key}:`, ...linesOf(one as Record<string, unknown>, `${indent}  `)];
	});
}

const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
