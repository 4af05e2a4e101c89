/** Keeps a log readable while hundreds of sources say the same: what is alike is said a few times in a minute, and then counted. */
import type { Clock } from '../../../core/contract';
import type { Entry, Sink } from './entry';
import { fieldsOf } from './entry';

const WINDOW_MS = 60_000;
/** Lines with the same message in one window, each with other fields. One that differs in numbers only is the same. */
const MOST_ALIKE = 10;
/** Names in the line that stands for the others. */
const MOST_NAMED = 20;

export interface Rules {
	clock: Clock;
	/** Messages of which each counts: what people did. */
	always: ReadonlySet<string>;
	/** Of these messages there is one a window; what this field holds is added up. */
	added: ReadonlyMap<string, string>;
}

export interface Repeats {
	tell: Sink;
	/** Says what is still held back. */
	end(): void;
}

/** The lines with one level and message in one window. */
interface Kind {
	said: Set<string>;
	held: number;
	named: Set<string>;
	sum: number;
}

const nothing = (): Kind => ({ said: new Set(), held: 0, named: new Set(), sum: 0 });

export function limitRepeats({ clock, always, added }: Rules, say: Sink): Repeats {
	const kinds = new Map<string, { level: string; msg: string; kind: Kind }>();
	const over = new AbortController();

	function summarize({ level, msg, kind }: { level: string; msg: string; kind: Kind }): void {
		const { held, named, sum } = kind;
		const time = new Date(clock.now()).toISOString();
		const field = added.get(msg);
		if (field !== undefined) return say({ level, time, msg, [field]: sum, sources: named.size });
		const names = [...named].slice(0, MOST_NAMED);
		const more = `${msg} … and ${held} more like this in ${WINDOW_MS / 1000} s`;
		say({ level, time, msg: more, held, ...(names.length > 0 && { names }) });
	}

	function watch(key: string): void {
		void clock.sleep(WINDOW_MS, over.signal).then(() => {
			if (over.signal.aborted) return;
			const one = kinds.get(key)!;
			if (one.kind.held === 0) return void kinds.delete(key);
			summarize(one);
			const isAdded = added.has(one.msg);
			one.kind = nothing();
			// the line that has just been said is that of this window
			if (isAdded) one.kind.said.add('');
			watch(key);
		});
	}

	return {
		tell(entry) {
			const { level, msg } = entry;
			if (always.has(msg) || over.signal.aborted) return say(entry);
			const key = `${level} ${msg}`;
			let one = kinds.get(key);
			if (!one) {
				kinds.set(key, (one = { level, msg, kind: nothing() }));
				watch(key);
			}
			const { kind } = one;
			const field = added.get(msg);
			const same = field === undefined ? sameness(entry) : '';
			if (!kind.said.has(same) && kind.said.size < MOST_ALIKE) {
				kind.said.add(same);
				return say(entry);
			}
			kind.held++;
			if (field !== undefined) kind.sum += Number(entry[field]);
			const name = entry['source'] ?? entry['destination'];
			if (typeof name === 'string') kind.named.add(name);
		},
		end() {
			over.abort();
			for (const one of kinds.values()) if (one.kind.held > 0) summarize(one);
			kinds.clear();
		},
	};
}

/** Two lines with the same one say the same. */
function sameness(entry: Entry): string {
	const fields = Object.entries(fieldsOf(entry)).filter(([, value]) => typeof value !== 'number');
	return JSON.stringify(fields);
}
