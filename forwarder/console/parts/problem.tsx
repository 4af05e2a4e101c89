import type { ComponentChildren } from 'preact';

interface Given {
	tone: 'warn' | 'bad';
	title: ComponentChildren;
	message: ComponentChildren;
	fix?: string;
	children?: ComponentChildren;
}

/** What is wrong, and what to do about it. */
export function Problem({ tone, title, message, fix, children }: Given) {
	return (
		<div class={`problem ${tone}`}>
			<strong>{title}</strong>
			<p>{message}</p>
			{fix && <p class="fix">{fix}</p>}
			{children}
		</div>
	);
}
