/** All of it in a few sentences. */
import { formatInstant, toMillis } from '../../../core/time';
import type { Owner } from '../../store/inspection';
import { age } from '../age';
import { counted, plain } from '../ui';
import { CONDITIONS, type Condition, type DestinationRow, type SourceRow } from './condition';

/** Who writes the state. */
export function ownerText(owner: Owner): string {
	if ('pid' in owner) {
		const who = `process ${owner.pid}, since ${formatInstant(owner.since, 0)}`;
		return owner.running ? `Running: ${who}` : `Not running; the last was ${who}`;
	}
	const { running, workers } = owner;
	const who = workers.map(({ id, since }) => `${plain(id)}, since ${formatInstant(since, 0)}`).join('; ');
	if (workers.length === 0) return 'Not running; no worker is known';
	return running ? `Running: ${counted(workers.length, 'worker')}: ${who}` : `Not running; no sign of life of ${who}`;
}

/** `500 sources: 2 failing, 498 ok; complete up to 12m ago or later (erp-17)`. */
export function sourcesText(rows: readonly SourceRow[], nowMs: number): string {
	const told = (condition: Condition, count: number) =>
		condition === 'attention' ? `${count} ${count === 1 ? 'needs' : 'need'} attention` : `${count} ${condition}`;
	const behind = rows
		// one that was never read completely has no end that could move
		.filter(
			({ configured, condition, lastSuccess }) => configured && condition !== 'paused' && lastSuccess !== undefined,
		)
		.filter(({ watermark }) => watermark !== undefined)
		.reduce<SourceRow | undefined>((most, row) => (most && most.watermark! <= row.watermark! ? most : row), undefined);
	const last =
		behind && `; complete up to ${age(nowMs - toMillis(behind.watermark!))} ago or later (${plain(behind.name)})`;
	return `${counted(rows.length, 'source')}${counts(rows, CONDITIONS, told)}${last ?? ''}`;
}

const STATES = ['halted', 'failing', 'not configured', 'not tried yet', 'ok'] as const;

/** `2 destinations: 1 failing, 1 ok; 12040 records wait`. */
export function destinationsText(rows: readonly DestinationRow[]): string {
	const told = (condition: DestinationRow['condition'], count: number) => `${count} ${condition}`;
	const waiting = rows.reduce((sum, row) => sum + row.waiting, 0);
	const wait = waiting === 1 ? '1 record waits' : `${waiting || 'no'} records wait`;
	return `${counted(rows.length, 'destination')}${counts(rows, STATES, told)}; ${wait}`;
}

function counts<C extends string>(
	rows: readonly { condition: C }[],
	order: readonly C[],
	told: (condition: C, count: number) => string,
): string {
	const parts = order.flatMap((condition) => {
		const count = rows.filter((row) => row.condition === condition).length;
		return count === 0 ? [] : [told(condition, count)];
	});
	return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
