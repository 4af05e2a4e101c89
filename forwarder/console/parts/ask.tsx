/** A question before something is done: the browser's own dialog, which keeps the keyboard inside and closes by Escape. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Acted } from '../api/act';
import { sentences } from '../format';
import { tell } from './notice';

export interface Field {
	name: string;
	label: string;
	hint?: string;
	placeholder?: string;
	isRequired?: boolean;
}

interface Given {
	title: string;
	/** On the button that does it. */
	verb: string;
	isGrave?: boolean;
	fields?: readonly Field[];
	children?: ComponentChildren;
	act: (given: Record<string, string>) => Promise<Acted>;
	/** For the notice. */
	done: (answer: Record<string, unknown>) => string;
	close: () => void;
}

export function Ask({ title, verb, isGrave, fields = [], children, act, done, close }: Given) {
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	const [failure, setFailure] = useState<{ what: string; fix?: string }>();
	const [isBusy, setBusy] = useState(false);
	useEffect(() => dialog.current!.showModal(), []);

	async function submit(event: SubmitEvent) {
		event.preventDefault();
		setBusy(true);
		const given = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)) as Record<string, string>;
		const acted = await act(given);
		setBusy(false);
		if (!acted.ok) return setFailure(acted.failure);
		tell(done(acted.answer));
		dialog.current!.close();
	}

	return (
		<dialog ref={dialog} aria-labelledby={id} onClose={close}>
			<form onSubmit={(event) => void submit(event)}>
				<h2 id={id}>{title}</h2>
				{children}
				{fields.map(({ name, label, hint, placeholder, isRequired }) => (
					<label key={name}>
						{label}
						<input name={name} required={isRequired} placeholder={placeholder} autocomplete="off" />
						{hint && <small>{hint}</small>}
					</label>
				))}
				{failure && (
					<p role="alert" class="bad">
						{sentences(failure.what, failure.fix)}
					</p>
				)}
				<div class="buttons">
					<button type="button" onClick={() => dialog.current!.close()}>
						Cancel
					</button>
					<button type="submit" class={isGrave ? 'grave' : 'main'} disabled={isBusy}>
						{verb}
					</button>
				</div>
			</form>
		</dialog>
	);
}
