import type { BackfillInfo, SourceDetail } from '../../api/types';
import { act, outcomeOf } from '../../api/act';
import { count, several } from '../../format';
import { Progress } from '../../parts/progress';
import { tell } from '../../parts/notice';
import { Section } from '../../parts/section';
import { Since } from '../../parts/state';
import { backfillProgress, paceOf, walkProgress } from './readProgress';

interface Given {
	of: SourceDetail;
	/** Of the source. */
	path: string;
	mayAct: boolean;
	now: number;
}

/** What it reads at this moment: where in time it is, how fast, and how long that will take. */
export function NowRead({ of, path, mayAct, now }: Given) {
	const walk = walkProgress(of.position, paceOf(of), now);
	const { backfill, coveredAt } = of.past;
	if (!walk && !backfill && coveredAt.length === 0) return null;
	return (
		<Section title="What is read now">
			{walk && (
				<>
					<p>
						{walk.isFirst ? 'First walk' : 'Catching up'}: everything since{' '}
						{walk.fromAt !== undefined ? <Since at={walk.fromAt} now={now} /> : 'the start'},{' '}
						{several(walk.pages, 'page')} so far
						{walk.reachedAt !== undefined && (
							<>
								, now at <Since at={walk.reachedAt} now={now} />
							</>
						)}
					</p>
					<Progress label={walk.isFirst ? 'First walk' : 'Catching up'} of={walk} />
				</>
			)}
			{backfill && <Backfill of={backfill} path={path} mayAct={mayAct} now={now} />}
			{coveredAt.map(({ from, to }) => (
				<p key={from}>
					The past from <Since at={from} now={now} /> to <Since at={to} now={now} /> is complete.
				</p>
			))}
		</Section>
	);
}

function Backfill({ of: job, path, mayAct, now }: { of: BackfillInfo } & Pick<Given, 'path' | 'mayAct' | 'now'>) {
	const { id, fromAt, toAt, events, pages, endedAt, isCancelled } = job;
	const cancel = async () => {
		const done = await act('DELETE', `${path}/backfills/${id}`);
		tell(outcomeOf(done, 'The back-fill is cancelled.'));
	};
	const state = isCancelled ? 'was cancelled' : endedAt !== undefined ? 'has ended' : 'runs';
	return (
		<>
			<p>
				The back-fill from <Since at={fromAt} now={now} /> to <Since at={toAt} now={now} /> {state}: {count(events)}{' '}
				events, {several(pages, 'page')}.
			</p>
			{endedAt === undefined && !isCancelled && (
				<>
					<Progress label="Back-fill" of={backfillProgress(job, now)} />
					{mayAct && <button onClick={() => void cancel()}>Cancel the back-fill</button>}
				</>
			)}
		</>
	);
}
