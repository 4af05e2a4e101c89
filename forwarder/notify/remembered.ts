/** What was told, also while the state cannot be asked: that it cannot is what has to be told most. */
import type { Told, ToldChange, ToldStore } from '../store/told';
import type { Open } from './due';
import type { Notice } from './problem';

export interface ToldOf {
	/** False: another process tells now. */
	begin(): Promise<boolean>;
	end(): Promise<void>;
	read(): Promise<Open[]>;
	seen(keys: readonly string[]): Promise<void>;
	change(begun: readonly { key: string; notice: Notice }[], over: readonly string[]): Promise<void>;
}

interface Known {
	notice: string;
	/** Milliseconds since the epoch. */
	seenAt: number;
}

/** @param forMs how long somebody may take to tell */
export function remembered(store: ToldStore, name: string, who: string, forMs: number, now: () => number): ToldOf {
	let known = new Map<string, Known>();
	let unsaved: ToldChange[] = [];
	const open = ({ key, notice, unseenMs }: Told): Open[] => {
		try {
			return [{ key, unseenMs, notice: JSON.parse(notice) as Notice }];
		} catch {
			return [];
		}
	};

	async function save(): Promise<void> {
		for (const change of unsaved) await store.change(name, change);
		unsaved = [];
	}

	return {
		begin: () => store.begin(name, who, forMs).catch(() => true),
		end: () => store.end(name, who).catch(() => undefined),
		async read() {
			try {
				await save();
				const all = await store.read(name);
				known = new Map(all.map(({ key, notice, unseenMs }) => [key, { notice, seenAt: now() - unseenMs }]));
			} catch {
				// as it was last
			}
			return [...known].flatMap(([key, { notice, seenAt }]) =>
				open({ key, notice, unseenMs: Math.max(0, now() - seenAt) }),
			);
		},
		async seen(keys) {
			for (const key of keys) known.set(key, { ...known.get(key)!, seenAt: now() });
			await store.seen(name, keys).catch(() => undefined);
		},
		async change(begun, over) {
			const change = { begun: begun.map(({ key, notice }) => ({ key, notice: JSON.stringify(notice) })), over };
			for (const { key, notice } of change.begun) known.set(key, { notice, seenAt: now() });
			for (const key of over) known.delete(key);
			unsaved.push(change);
			await save().catch(() => undefined);
		},
	};
}
