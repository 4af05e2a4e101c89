/** What a trigger has to say about itself: as a line in n8n's log, and as an item, because few people read logs. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Nanos } from '../../../core/contract';
import { formatInstant, fromMillis, SECOND } from '../../../core/time';
import { runtime } from '../runtime';
import type { PollState } from './saved';

/** On a busy log the floor moves with every poll. */
const TELL_AGAIN_MS = 86_400_000;

/** When the ids of the time that a trigger looks back on have become too many. @param span How far back it looks again. */
export function tellFloor(
	context: IPollFunctions,
	before: PollState,
	{ stream }: PollState,
	span: Nanos,
): INodeExecutionData | undefined {
	const now = runtime.clock.now();
	if (stream.start <= before.stream.start || stream.start <= stream.watermark - span) return undefined;
	if (before.floorToldAt > 0 && Math.abs(now - before.floorToldAt) < TELL_AGAIN_MS) return undefined;
	const { name } = context.getNode();
	const floor = formatInstant(stream.start, 0);
	const hours = Number((fromMillis(now) - stream.start) / (3600n * SECOND));
	const message = `${name} has seen too many events to keep the ids of all: from now on it looks back ${hours} hours, and an event from before ${floor} that shows up later starts no workflow.`;
	context.logger.warn(message);
	const json = { time: new Date(now).toISOString(), notice: 'floorMoved', trigger: name, floor, message };
	return { json };
}
