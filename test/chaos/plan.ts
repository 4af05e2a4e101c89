/** What happens in one life of the command, from its start to its end by SIGKILL. */
import type { Answer } from '../../sandbox/receiver';
import { htmlPage } from '../../sandbox/faults';
import type { Dice } from '../trial/dice';
import type { Weather } from '../trial/receiver';

export type Moment = 'request at a provider' | 'request at the receiver' | 'batch stored' | 'answer sent';

/** When it is killed: some time after its start, or at what others see of it. */
export type Trigger = { ms: number } | { at: Moment; count: number; plusMs: number };

export interface LifePlan {
	kind: 'faults' | 'full disk' | 'clock jump' | 'provider clock jump' | 'wrong destination' | 'killed while stopping';
	providerRate: number;
	receiver: Weather;
	trigger: Trigger;
	/** Of a clock. */
	jumpMs: number;
	/** A full disk stays full over the kill, and the next start meets it. */
	staysFull: boolean;
}

const SPECIAL: Readonly<Record<number, LifePlan['kind']>> = {
	1: 'full disk',
	3: 'clock jump',
	5: 'wrong destination',
	7: 'provider clock jump',
	9: 'killed while stopping',
};
/** So many lives until the first special one comes again. */
const CYCLE = 12;

export function lifePlan(number: number, draw: Dice): LifePlan {
	const kind = SPECIAL[number % CYCLE] ?? 'faults';
	const again = Math.floor(number / CYCLE);
	const answer = WRONG[again % WRONG.length]!;
	const plan: LifePlan = {
		kind,
		providerRate: draw.pick([0, 0.1, 0.2, 0.35]),
		receiver: {
			rate: draw.pick([0, 0.15, 0.3, 0.5]),
			...(draw.chance(0.25) && { maxRecords: draw.between(3, 15) }),
		},
		trigger: trigger(draw),
		jumpMs: (again % 2 === 0 ? -1 : 1) * 3_600_000,
		staysFull: again % 2 === 1,
	};
	if (kind === 'wrong destination') return { ...plan, receiver: { rate: 0, misconfigured: answer } };
	// a stand-still must have one cause only
	const calm = kind === 'clock jump' || kind === 'provider clock jump' || kind === 'full disk';
	return calm ? { ...plan, providerRate: 0, receiver: { rate: 0 } } : plan;
}

const WRONG: readonly Answer[] = [
	{ kind: 'html', status: 200 },
	{ kind: 'status', status: 401, body: 'no such key' },
	{ kind: 'garbage' },
	{ kind: 'status', status: 403, body: htmlPage },
	{ kind: 'status', status: 404, body: 'not here' },
];

function trigger(draw: Dice): Trigger {
	if (draw.chance(0.4)) return { ms: draw.between(50, 1_500) };
	const at = draw.pick<Moment>(['request at a provider', 'request at the receiver', 'batch stored', 'answer sent']);
	return { at, count: draw.between(1, 12), plusMs: draw.chance(0.6) ? 0 : draw.between(1, 15) };
}
