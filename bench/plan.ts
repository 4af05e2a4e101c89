/** What is measured. */
import type { Case, Subject } from './measure/run';
import { PAGE, SHAPES } from './servers/shapes';

export interface Plan {
	/** Every case is run this often, in turns, so that a busy moment of the machine hits all alike; medians count. */
	rounds: number;
	cases: Case[];
	/** The forwarder with few and with many events: memory must not grow with them. */
	memory: { few: Case; many: Case };
}

const REFERENCES: Subject[] = ['download', 'floor', 'stock', 'without state', 'forwarder'];
const SHIPPING: Subject[] = ['stock', 'without state', 'forwarder'];

const plain = { compression: 'none', answerMs: 0, pageMs: 0 } as const;

function cases(subjects: readonly Subject[], rest: Omit<Case, 'subject' | 'shape'>): Case[] {
	return SHAPES.flatMap((shape) => subjects.map((subject) => ({ subject, shape, ...rest })));
}

/** The shape that there is as code and as data. */
const declared = (events: number): Case[] => [{ subject: 'declared', shape: SHAPES[0]!, ...plain, events }];

/** About a quarter of an hour. */
export function full(events = 200_000): Plan {
	return {
		rounds: 2,
		cases: [
			...cases(REFERENCES, { ...plain, events }),
			...declared(events),
			...cases(SHIPPING, { ...plain, events, answerMs: 50 }),
			...cases(SHIPPING, { ...plain, events, compression: 'gzip' }),
			// 50 ms for each page is the provider's own pace: fewer events show the same
			...cases(['download', 'forwarder'], { ...plain, events: Math.min(events, 20_000), pageMs: 50 }),
		],
		memory: memory(10_000, 1_000_000),
	};
}

/** Less than a minute. */
export function quick(): Plan {
	const events = 150 * PAGE;
	return {
		rounds: 1,
		cases: [
			...cases(REFERENCES, { ...plain, events }),
			...declared(events),
			...cases(SHIPPING, { ...plain, events, answerMs: 50 }).filter(({ shape }) => shape === SHAPES[0]),
		],
		memory: memory(10_000, 100_000),
	};
}

function memory(few: number, many: number): Plan['memory'] {
	const one = { subject: 'forwarder', shape: SHAPES[0]!, ...plain } as const;
	return { few: { ...one, events: few }, many: { ...one, events: many } };
}
