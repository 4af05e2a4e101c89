import { useEffect, useState } from 'preact/hooks';
import { act } from '../../api/act';
import { urlOf } from '../../api/url';
import type { LetterInfo, LetterPage } from '../../api/types';
import { count, sentences, several, words } from '../../format';
import { useAsked } from '../../hooks';
import { Ask } from '../../parts/ask';
import { tell } from '../../parts/notice';
import { Since } from '../../parts/state';
import { LONGEST } from '../../route';
import { readable } from '../../parts/readable';
import { actionPath, exportPath, letterPath } from './api';
import type { LettersOf } from './letters';

const AT_ONCE = 25;

export function LetterList({ of, total, now }: { of: LettersOf; total: number; now: number }) {
	const [typed, type] = useState('');
	const [q, search] = useState('');
	const [offset, turn] = useState(0);
	const [chosen, choose] = useState<ReadonlySet<number>>(new Set());
	const [isDiscarding, setDiscarding] = useState(false);
	const [isBusy, setBusy] = useState(false);
	const { body, failure, isOther } = useAsked<LetterPage>(letterPath(of, q, offset, AT_ONCE), total);
	const which = chosen.size > 0 ? { ids: [...chosen] } : { all: true, ...of, ...(q && { q }) };
	const many = several(chosen.size || (q ? (body?.total ?? 0) : total), 'letter');
	// nobody has seen yet what that is, or what a longer search would find
	const isUnseen = typed !== q || (q !== '' && (!body || isOther || body.looked !== undefined));
	const isOff = isBusy || (chosen.size === 0 && isUnseen);
	const all = q ? 'what is found' : 'all';

	useEffect(() => {
		// those at the end are gone
		if (body && !isOther && offset > 0 && offset >= body.total)
			turn(Math.max(0, Math.ceil(body.total / AT_ONCE) - 1) * AT_ONCE);
	}, [body, isOther]);

	const find = (text: string) => {
		search(text);
		turn(0);
	};
	async function retry() {
		setBusy(true);
		const acted = await act('POST', actionPath('retry'), which);
		setBusy(false);
		choose(new Set());
		tell(acted.ok ? retried(acted.answer) : sentences(acted.failure.what, acted.failure.fix));
	}
	const toggle = (id: number) => {
		const next = new Set(chosen);
		if (!next.delete(id)) next.add(id);
		choose(next);
	};

	return (
		<>
			<div class="tools" role="search" aria-label="Dead letters">
				<label>
					Search{' '}
					<input
						type="search"
						placeholder="number, reason or text"
						maxLength={LONGEST}
						onInput={({ currentTarget: { value } }) => {
							type(value.trim());
							if (value === '') find('');
						}}
						onChange={({ currentTarget: { value } }) => find(value.trim())}
					/>
				</label>
				<button disabled={isOff} onClick={() => void retry()}>
					Retry {chosen.size > 0 ? many : all}
				</button>
				<button disabled={isOff} onClick={() => setDiscarding(true)}>
					Discard {chosen.size > 0 ? many : all}…
				</button>
				<a class="button" href={urlOf(exportPath(of, q))} download="dead-letters.ndjson">
					Export
				</a>
			</div>
			{body?.looked && (
				<p>
					Looked at {count(body.looked.at)} of {several(body.looked.of, 'letter')}, the newest first. Search for
					something longer, or choose among these.
				</p>
			)}
			{failure && <p class="quiet">{failure.what}</p>}
			{body && (
				<ul class="records" aria-label="Dead letters">
					{body.rows.map((letter) => (
						<Letter key={letter.id} of={letter} now={now} isChosen={chosen.has(letter.id)} choose={toggle} />
					))}
				</ul>
			)}
			{body && body.total > AT_ONCE && (
				<div class="buttons">
					<button disabled={offset === 0} onClick={() => turn(Math.max(0, offset - AT_ONCE))}>
						Newer
					</button>
					<span>
						{count(offset + 1)} to {count(Math.min(offset + AT_ONCE, body.total))} of {count(body.total)}
					</span>
					<button disabled={offset + AT_ONCE >= body.total} onClick={() => turn(offset + AT_ONCE)}>
						Older
					</button>
				</div>
			)}
			{isDiscarding && (
				<Ask
					title={`Discard ${many}?`}
					verb="Discard for good"
					isGrave
					act={() => act('POST', actionPath('discard'), which)}
					done={({ letters }) => (
						choose(new Set()),
						`${several(Number(letters), 'letter')} discarded; gap records say so.`
					)}
					close={() => setDiscarding(false)}
				>
					<p>Their texts are deleted; export them first to keep a copy. Their destinations get a gap record.</p>
				</Ask>
			)}
		</>
	);
}

interface Given {
	of: LetterInfo;
	now: number;
	isChosen: boolean;
	choose: (id: number) => void;
}

function Letter({ of, now, isChosen, choose }: Given) {
	const { id, at, destination, reason, detail, eventId, text, isCut } = of;
	return (
		<li>
			<label>
				<input type="checkbox" checked={isChosen} onChange={() => choose(id)} />
				<span class="unseen">Choose letter</span> {id}
			</label>{' '}
			<b>{words(reason)}</b> {detail} <small>{[eventId, destination].filter(Boolean).join(' → ')}</small>{' '}
			<small>
				<Since at={at} now={now} />
			</small>
			<details>
				<summary>
					Text<span class="unseen"> of letter {id}</span>
				</summary>
				<pre tabIndex={0} aria-label={`Text of letter ${id}`}>
					{isCut ? `${text}…` : readable(text)}
				</pre>
			</details>
		</li>
	);
}

function retried({ letters, refused }: Record<string, unknown>): string {
	const stay = Array.isArray(refused) ? (refused as { reason: string }[]) : [];
	const back = `${several(Number(letters), 'letter')} back in the outbox.`;
	return stay.length === 0 ? back : `${back} ${count(stay.length)} stay: ${stay[0]!.reason}.`;
}
