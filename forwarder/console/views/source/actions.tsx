import { useState } from 'preact/hooks';
import { act, outcomeOf } from '../../api/act';
import type { SourceRow } from '../../api/types';
import { Ask } from '../../parts/ask';
import { tell } from '../../parts/notice';

/** @param path of the source */
export function SourceActions({ row: { name, state }, path }: { row: SourceRow; path: string }) {
	const [asked, ask] = useState<'pause' | 'backfill'>();
	const close = () => ask(undefined);
	const now = async (verb: string, done: string) => {
		const acted = await act('POST', `${path}/${verb}`);
		tell(outcomeOf(acted, done));
	};
	return (
		<div class="buttons">
			<button onClick={() => void now('poll', `${name} is polled now.`)}>Poll now</button>
			{state === 'paused' ? (
				<button class="main" onClick={() => void now('resume', `${name} is read again.`)}>
					Resume
				</button>
			) : (
				<button onClick={() => ask('pause')}>Pause…</button>
			)}
			<button onClick={() => ask('backfill')}>Back-fill…</button>
			{asked === 'pause' && (
				<Ask
					title={`Pause ${name}?`}
					verb="Pause"
					isGrave
					fields={[{ name: 'note', label: 'Why', hint: 'For whoever finds it paused.' }]}
					act={(given) => act('POST', `${path}/pause`, given)}
					done={({ message }) =>
						typeof message === 'string' ? message : `${name} is paused until somebody resumes it.`
					}
					close={close}
				>
					<p>Nothing is read until somebody resumes it, also after a restart. What happens meanwhile is read then.</p>
					<p>A provider keeps its events for a limited time: what it forgets during the pause is lost.</p>
				</Ask>
			)}
			{asked === 'backfill' && (
				<Ask
					title={`Back-fill ${name}`}
					verb="Start"
					fields={[
						{
							name: 'from',
							label: 'From',
							placeholder: '2026-01-01 or 90d',
							hint: 'A date, an instant, or an age.',
							isRequired: true,
						},
						{ name: 'to', label: 'To', hint: 'Empty: where collection began.' },
					]}
					act={({ from, to }) => act('POST', `${path}/backfills`, { from, ...(to && { to }) })}
					done={({ message }) => (typeof message === 'string' ? message : 'The back-fill begins.')}
					close={close}
				>
					<p>Reads what happened before this source was collected. What is known already is not shipped again.</p>
				</Ask>
			)}
		</div>
	);
}
