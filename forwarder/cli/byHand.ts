/** Changes that people make to the state: said in the log of the command, and kept in the state for that of a running process. */
import { fromMillis } from '../../core/time';
import { byHand, BY_HAND, type Action, type Who } from '../store/actions';
import type { Context } from './context';
import type { Io } from './io';
import { createLog } from './log';

export function whoNow({ user, clock }: Pick<Io, 'user' | 'clock'>): Who {
	return { by: user(), at: fromMillis(clock.now()) };
}

/** Nothing when nothing was changed. */
export function logByHand(action: Action | undefined, io: Io, { json, color }: Pick<Context, 'json' | 'color'>): void {
	if (action) createLog(io, { json, color }).info(byHand(action), BY_HAND);
}
