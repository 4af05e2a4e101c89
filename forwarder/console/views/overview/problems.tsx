import type { HealthProblem } from '../../api/types';
import { count, several, words } from '../../format';
import { Problem } from '../../parts/problem';
import { Section } from '../../parts/section';
import { Since } from '../../parts/state';
import { destinationHash, sourceHash } from '../../route';
import { grouped, type ProblemGroup } from './groups';

/** More of one kind are folded into one. */
const FEW = 3;

interface Given {
	/** Those that the process lists; of very many it only counts the rest. */
	problems: readonly HealthProblem[];
	total: number;
	now: number;
}

export function Problems({ problems, total, now }: Given) {
	if (total === 0) return null;
	const groups = grouped(problems);
	const isCut = total > problems.length;
	return (
		<Section title={`Problems (${count(total)})`}>
			<ul class="problems">
				{groups.map((group, i) =>
					group.problems.length > FEW ? (
						<li key={group.rule}>
							<Folded group={group} isCut={isCut && i === groups.length - 1} now={now} />
						</li>
					) : (
						group.problems.map((problem) => (
							<li key={`${problem.rule} ${problem.source ?? problem.destination ?? ''}`}>
								<One problem={problem} now={now} />
							</li>
						))
					),
				)}
			</ul>
			{isCut && (
				<p>
					And {count(total - problems.length)} more: <a href="#/?state=problem">sources with a problem</a>
				</p>
			)}
		</Section>
	);
}

const toneOf = (severity: HealthProblem['severity']) => (severity === 'not_ready' ? 'bad' : 'warn');

function One({ problem, now }: { problem: HealthProblem; now: number }) {
	const { rule, severity, since, message, fix } = problem;
	const title = (
		<>
			<Who of={problem} /> {words(rule)}{' '}
			{since && (
				<small>
					since <Since at={Date.parse(since)} now={now} />
				</small>
			)}
		</>
	);
	return <Problem tone={toneOf(severity)} title={title} message={message} fix={fix} />;
}

/** @param isCut there are more of it, which the process has not listed */
function Folded({ group, isCut, now }: { group: ProblemGroup; isCut: boolean; now: number }) {
	const { rule, severity, problems } = group;
	const [first] = problems;
	const whose = first!.source !== undefined ? 'source' : first!.destination !== undefined ? 'destination' : 'time';
	const title = `${words(rule)}: ${several(problems.length, whose)}${isCut ? ', and more' : ''}`;
	return (
		<Problem tone={toneOf(severity)} title={title} message={first!.message} fix={first!.fix}>
			<details>
				<summary>
					All {problems.length} of them<span class="unseen">: {words(rule)}</span>
				</summary>
				<ul>
					{problems.map((problem) => (
						<li key={problem.source ?? problem.destination}>
							<Who of={problem} /> {problem.message}{' '}
							{problem.since && (
								<small>
									since <Since at={Date.parse(problem.since)} now={now} />
								</small>
							)}
						</li>
					))}
				</ul>
			</details>
		</Problem>
	);
}

function Who({ of: { source, destination } }: { of: HealthProblem }) {
	if (source !== undefined) return <a href={sourceHash(source)}>{source}</a>;
	if (destination !== undefined) return <a href={destinationHash(destination)}>{destination}</a>;
	return null;
}
