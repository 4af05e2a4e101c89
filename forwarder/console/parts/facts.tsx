import type { ComponentChildren } from 'preact';

/** Name and value, one below the other. What is not known is left out. */
export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
	const known = of.filter(([, value]) => value !== undefined && value !== null && value !== false);
	return (
		<dl class="facts">
			{known.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}
