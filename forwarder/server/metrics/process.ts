/** Metrics of the process as a whole: `audit_relay.*`. */
import type { Snapshot } from '../../run/snapshot';
import type { HealthProblem } from '../readiness';
import { isBlocking } from '../readiness';
import type { Instrument } from './instrument';

export interface ProcessView {
	snapshot: Snapshot;
	problems: readonly HealthProblem[];
}

export const PROCESS: readonly Instrument<ProcessView>[] = [
	{
		name: 'ready',
		description: '1 when /readyz answers 200, else 0',
		read: ({ problems }) => Number(!problems.some(isBlocking)),
	},
	{
		name: 'problems',
		unit: '{problem}',
		description: 'What /readyz names, by severity',
		read: ({ problems }) => {
			const blocking = problems.filter(isBlocking).length;
			return [
				[blocking, { severity: 'not_ready' }],
				[problems.length - blocking, { severity: 'degraded' }],
			];
		},
	},
	{
		name: 'config.errors',
		unit: '{mistake}',
		description:
			'Sources and files with a mistake in the configuration: they are used as they were before, or not at all',
		read: ({ snapshot }) => snapshot.mistakes.length,
	},
	{
		name: 'store.writable',
		description: '0 when the last write to the state failed, else 1',
		read: ({ snapshot }) => Number(!snapshot.writeFailure),
	},
	{
		name: 'outbox.full',
		description: '1 while polling waits for room in the outbox, else 0',
		read: ({ snapshot }) => Number(snapshot.outboxFull),
	},
];
