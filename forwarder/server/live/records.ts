/** `GET /api/v1/records`: records as they are stored. Whoever reads more slowly than they come is told how many he has missed. */
import type { RecordTap } from '../../run/recordTap';
import type { Handler } from '../http/exchange';
import { eventText, type Streams } from './streams';

export function followRecords(tap: RecordTap, streams: Streams): Handler {
	return (asked) =>
		streams.open(asked, (stream) => {
			let missed = 0;
			const tellMissed = () => {
				if (missed > 0) stream.send(eventText(JSON.stringify({ lost: missed }), 'lost'));
				missed = 0;
			};
			stream.onCaughtUp(tellMissed);
			return tap.listen(asked.query.get('source') ?? undefined, (texts, lost) => {
				missed += lost;
				if (stream.isBehind) missed += texts.length;
				else if (texts.length > 0) stream.send(Buffer.concat(texts.map((text) => eventText(text))));
				if (!stream.isBehind) tellMissed();
			});
		});
}
