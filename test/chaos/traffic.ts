/** Events that never stop: single ones and ties, some shown late, some dated back or ahead, a few that the receiver will refuse. */
import { arcusEntry } from '../../sandbox/arcus/events';
import { arpioEvent } from '../../sandbox/arpio/events';
import { auditApiEvent } from '../../sandbox/auditapi/events';
import type { EventLog } from '../../sandbox/eventLog';
import type { SeededLogs } from '../../sandbox/seed';
import { dice, type Dice } from '../trial/dice';

export type Label = keyof SeededLogs;

export const LABELS: readonly Label[] = ['arpio', 'arcus', 'auditapi'];
/** Half of the configured lateness: what is promised, with room for a slow machine. */
const LATEST_MS = 6_000;
const TICK_MS = 40;

export interface Traffic {
	/** `log.record.uid` of events that the receiver refuses for good. */
	readonly poisoned: ReadonlySet<string>;
	/** When the last event has become visible. */
	readonly settledAt: number;
	/** Adds events of the past, before anything has been read. */
	backlog(groups: number): void;
	start(): void;
	stop(): void;
}

export function traffic(logs: SeededLogs, seed: number, groupsPerSecond: number): Traffic {
	const draw = dice(seed, 'traffic');
	const poisoned = new Set<string>();
	let settledAt = 0;
	let count = 0;
	let timer: NodeJS.Timeout | undefined;
	let due = 0;

	/** Events of one instant, at one provider. */
	function group(nowMs: number): void {
		const label = draw.pick(LABELS);
		const size = draw.chance(0.1) ? draw.between(2, 5) : 1;
		const late = draw.chance(0.1) ? draw.between(1, LATEST_MS) : 0;
		const back = late === 0 && draw.chance(0.05) ? draw.between(1, LATEST_MS) : 0;
		const ahead = label === 'auditapi' && draw.chance(0.01) ? 3_600_000 : 0;
		const micros = Math.round((nowMs - back + ahead) * 1000) + draw.between(0, 999);
		for (let i = 0; i < size; i++) {
			const id = idOf(label, draw);
			if (draw.chance(0.004)) poisoned.add(`${label}:${id}`);
			// a tie may become visible in parts
			const visibleAt = nowMs + (i > 0 && late > 0 ? draw.between(0, late) : late);
			settledAt = Math.max(settledAt, visibleAt);
			addEvent(logs[label], label, { id, micros, visibleAt, number: count++ });
		}
	}

	return {
		poisoned,
		get settledAt() {
			return settledAt;
		},
		backlog(groups) {
			const now = Date.now();
			for (let i = groups; i > 0; i--) group(now - 10_000 - i * 400_000);
		},
		start() {
			timer = setInterval(() => {
				for (due += (groupsPerSecond * TICK_MS) / 1000; due >= 1; due--) group(Date.now());
			}, TICK_MS);
		},
		stop: () => clearInterval(timer),
	};
}

export function idOf(label: Label, draw: Dice): string {
	const hex = Array.from({ length: 32 }, () => draw.between(0, 15).toString(16)).join('');
	if (label === 'arpio') return hex.slice(0, 22);
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export interface New {
	id: string;
	micros: number;
	visibleAt: number;
	number: number;
}

export function addEvent(log: EventLog, label: Label, { id, micros, visibleAt, number }: New): void {
	switch (label) {
		case 'arpio':
			return void log.add({ ...arpioEvent({ id, micros, type: 'updateApplication' }), visibleAt });
		case 'arcus': {
			const entry = arcusEntry(log, { id, micros, description: `Changed ${number} fields`, metadata: { number } });
			return void log.add({ ...entry, visibleAt });
		}
		case 'auditapi':
			return void log.add(auditApiEvent({ id, at: micros, visibleAt, payload: { action: 'login', number } }));
	}
}
