import type { SourceDetail } from '../../api/types';
import { Section } from '../../parts/section';
import { Since, State } from '../../parts/state';

const MEANS = {
	proven: 'Everything that the provider had was collected, and its own proof holds.',
	unknown: 'What was compared agrees, but it is not enough for a proof.',
	broken: 'What was collected is not what the provider has.',
};

/** What `verify` found last. */
export function Proof({ of, now }: { of: SourceDetail['verdict']; now: number }) {
	if (!of) return null;
	const { verdict, at, acknowledgedAt } = of;
	return (
		<Section title="Completeness">
			<p>
				<State state={verdict} tone={verdict === 'proven' ? 'ok' : verdict === 'broken' ? 'bad' : 'quiet'} />{' '}
				<Since at={at} now={now} />
				{acknowledgedAt !== undefined && (
					<>
						{' '}
						· acknowledged <Since at={acknowledgedAt} now={now} />
					</>
				)}
			</p>
			<p>{MEANS[verdict]}</p>
		</Section>
	);
}
