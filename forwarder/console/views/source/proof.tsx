import type { CheckInfo, SourceDetail } from '../../api/types';
import { count, words } from '../../format';
import { Section } from '../../parts/section';
import { Since, State } from '../../parts/state';

const MEANS = {
	proven: 'Everything that the provider lists was collected.',
	unknown: 'Nothing contradicts, but completeness could not be shown.',
	broken: 'What was collected is not what the provider lists.',
};
const TONES = { proven: 'ok', unknown: 'quiet', broken: 'bad' } as const;

/** What `verify` found last, and what it compared. */
export function Proof({ of, now }: { of: SourceDetail['verdict']; now: number }) {
	if (!of) return null;
	const { verdict, at, acknowledgedAt, check } = of;
	return (
		<Section title="Completeness">
			<p>
				<State state={verdict} tone={TONES[verdict]} /> <Since at={at} now={now} />
				{acknowledgedAt !== undefined && (
					<>
						{' '}
						· acknowledged <Since at={acknowledgedAt} now={now} />
					</>
				)}
			</p>
			<p>{check?.reason ?? MEANS[verdict]}</p>
			{check && <Compared check={check} now={now} />}
		</Section>
	);
}

function Compared({ check: { fromAt, toAt, counts, findings }, now }: { check: CheckInfo; now: number }) {
	const some = Object.entries<number>({ ...counts }).filter(([what, n]) => n > 0 || what === 'missing');
	return (
		<>
			{fromAt !== undefined && toAt !== undefined && (
				<p>
					Compared: from <Since at={fromAt} now={now} /> to <Since at={toAt} now={now} />
					{some.length > 0 && `: ${some.map(([what, n]) => `${count(n)} ${spaced(what)}`).join(', ')}`}
				</p>
			)}
			<ul>
				{findings.map(({ check, verdict, detail }) => (
					<li key={check}>
						{words(check)}: <span class={TONES[verdict]}>{verdict}</span>, {detail}
					</li>
				))}
			</ul>
		</>
	);
}

/** `deadLettered` → `dead lettered`. */
const spaced = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
