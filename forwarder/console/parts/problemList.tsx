import type { HealthProblem } from '../api/types';
import { words } from '../format';
import { Problem } from './problem';
import { Since } from './state';

/** On the page of what has them. */
export function ProblemList({ problems, now }: { problems: readonly HealthProblem[]; now: number }) {
	return problems.map(({ rule, severity, since, message, fix }) => (
		<Problem
			key={rule + message}
			tone={severity === 'not_ready' ? 'bad' : 'warn'}
			title={
				<>
					{words(rule)}{' '}
					{since && (
						<small>
							since <Since at={Date.parse(since)} now={now} />
						</small>
					)}
				</>
			}
			message={message}
			fix={fix}
		/>
	));
}
