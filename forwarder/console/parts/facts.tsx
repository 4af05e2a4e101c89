import type { ComponentChildren } from 'preact';

type Fact = readonly [name: string, value: ComponentChildren, isLong?: true];

/** Name and value, one below the other. What is not known is left out. */
export function Facts({ of }: { of: readonly Fact[] }) {
	const known = of.filter(([, value]) => value !== undefined && value !== null && value !== false);
	return (
		<dl class="facts">
			{known.map(([name, value, isLong]) => (
				<div key={name} class={isLong && 'long'}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}
