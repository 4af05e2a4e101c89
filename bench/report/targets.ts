/** What is aimed at, as ratios within one run: absolute times say more about a machine than about a program. */
import { cpu, ofKind, ratio, seconds, type Figures } from './figures';

export interface Target {
	what: string;
	aim: number;
	/** Whether more is better. */
	atLeast: boolean;
	measured: number;
	/** By CPU time instead of time that passed, where that means something. */
	byCpu?: number;
	unit?: string;
}

const AT_ONCE = { compression: 'none', answerMs: 0, pageMs: 0 } as const;

export function targets(all: readonly Figures[], memory: { few: Figures; many: Figures }): Target[] {
	const [now, late] = [ofKind(all, AT_ONCE), ofKind(all, { ...AT_ONCE, answerMs: 50 })];
	const shipped = all.filter(({ subject }) => subject === 'forwarder');
	return [
		{
			what: 'without state, times as fast as the stock pipeline',
			...{ aim: 2, atLeast: true },
			measured: ratio(now, 'without state', 'stock', seconds),
			byCpu: ratio(now, 'without state', 'stock', cpu),
		},
		{
			what: 'without state, share of the floor',
			...{ aim: 0.5, atLeast: true },
			measured: ratio(now, 'without state', 'floor', seconds),
			byCpu: ratio(now, 'without state', 'floor', cpu),
		},
		{
			what: 'receiver answers after 50 ms, times as fast as the stock pipeline',
			...{ aim: 3, atLeast: true },
			measured: ratio(late, 'without state', 'stock', seconds),
		},
		{
			// a quarter more time
			what: 'with durable commits, share of the speed without',
			...{ aim: 0.8, atLeast: true },
			measured: ratio(now, 'forwarder', 'without state', seconds),
			byCpu: ratio(now, 'forwarder', 'without state', cpu),
		},
		{
			// the same events and bytes, so per byte too
			what: 'a provider as data, times the CPU of the same one as code',
			...{ aim: 1.25, atLeast: false },
			measured: ratio(now, 'forwarder', 'declared', cpu),
		},
		{ what: 'settled memory', ...{ aim: 90, atLeast: false }, measured: memory.many.settledMb, unit: 'MB' },
		{
			what: `memory of ${words(memory.many.events)} events, times that of ${words(memory.few.events)}`,
			...{ aim: 1.1, atLeast: false },
			measured: memory.many.settledMb / memory.few.settledMb,
		},
		{
			what: 'start to first shipped event',
			...{ aim: 0.6, atLeast: false },
			measured: Math.min(...shipped.map(({ startMs }) => startMs)) / 1000,
			unit: 's',
		},
		{
			what: 'requests to the provider beyond the least, per walk',
			...{ aim: 1, atLeast: false },
			measured: Math.max(...shipped.map(({ requests, leastRequests }) => requests - leastRequests)),
		},
	];
}

export const isMet = ({ measured, aim, atLeast }: Target): boolean => (atLeast ? measured >= aim : measured <= aim);

/** Off by more than any other load of the machine explains. */
export const isFarOff = ({ measured, aim, atLeast }: Target): boolean =>
	atLeast ? measured < aim / 3 : measured > aim * 3;

export const words = (count: number): string => count.toLocaleString('en');
