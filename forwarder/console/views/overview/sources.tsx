import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from '../../format';
import { Section } from '../../parts/section';
import { hashOf, LONGEST, type SourceQuery } from '../../route';
import { COLUMNS } from './sourceColumns';
import { SourceTable } from './sourceTable';

const STATES = [
	['', 'All'],
	['problem', 'With a problem'],
	['ok', 'Ok'],
	['starting', 'Starting'],
	['failing', 'Failing'],
	['refused', 'Refused'],
	['paused', 'Paused'],
] as const;

/** A person has ended a word. */
const TYPED_MS = 200;

export function Sources({ query, total, now }: { query: SourceQuery; total: number; now: number }) {
	const [found, setFound] = useState(total);
	const change = (some: Partial<SourceQuery>) => {
		// not a step to go back to: the way back from a source leads to what was looked for
		history.replaceState(null, '', hashOf({ ...query, ...some }));
		dispatchEvent(new HashChangeEvent('hashchange'));
	};
	const isNarrowed = query.q !== '' || query.state !== '';
	return (
		<Section title={isNarrowed ? `Sources (${count(found)} of ${count(total)})` : `Sources (${count(total)})`}>
			<div class="tools" role="search" aria-label="Sources">
				<Search value={query.q} change={(q) => change({ q })} />
				<label>
					State{' '}
					<select
						aria-label="State"
						value={query.state}
						onChange={({ currentTarget: { value } }) => change({ state: value })}
					>
						{STATES.map(([value, text]) => (
							<option key={value} value={value}>
								{text}
							</option>
						))}
					</select>
				</label>
				<label class="narrow">
					Sort by{' '}
					<select value={query.sort} onChange={({ currentTarget: { value } }) => change({ sort: value, order: '' })}>
						<option value="">Problems</option>
						{COLUMNS.map(({ sort, title }) => sort && <option value={sort}>{title}</option>)}
					</select>
				</label>
				{(isNarrowed || query.sort) && (
					<button onClick={() => change({ q: '', state: '', sort: '', order: '' })}>Clear</button>
				)}
			</div>
			<SourceTable query={query} now={now} onSort={change} onTotal={setFound} />
		</Section>
	);
}

function Search({ value, change }: { value: string; change: (q: string) => void }) {
	const input = useRef<HTMLInputElement>(null);
	const typed = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
			event.preventDefault();
			input.current!.focus();
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, []);
	useEffect(() => {
		if (document.activeElement !== input.current) input.current!.value = value;
	}, [value]);
	return (
		<label>
			Search{' '}
			<input
				ref={input}
				type="search"
				defaultValue={value}
				placeholder="name or provider ( / )"
				maxLength={LONGEST}
				onInput={({ currentTarget }) => {
					clearTimeout(typed.current);
					typed.current = setTimeout(() => change(currentTarget.value.trim()), TYPED_MS);
				}}
			/>
		</label>
	);
}

const isTyping = (target: EventTarget | null) =>
	target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
