import type { RecentRecords } from '../../api/types';
import { useAsked } from '../../hooks';
import { readable } from '../../parts/readable';
import { Section } from '../../parts/section';
import { Since } from '../../parts/state';

/** The last events, for whoever may see what they say. @param events how many there were: the list is asked for again when more come */
export function Recent({ path, events, now }: { path: string; events: number; now: number }) {
	const { body, failure } = useAsked<RecentRecords>(path, events);
	return (
		<Section title="Recent events">
			{failure && <p class="quiet">{failure.what}</p>}
			{body?.records.length === 0 && <p class="quiet">None since this process started.</p>}
			<ul class="records">
				{body?.records.map((record) => (
					<li key={record.id}>
						<details>
							<summary>
								<Since at={record.at} now={now} /> <b>{record.event}</b> {record.severity}
							</summary>
							<pre tabIndex={0} aria-label={`Text of ${record.id}`}>
								{readable(record.body)}
							</pre>
						</details>
					</li>
				))}
			</ul>
		</Section>
	);
}
