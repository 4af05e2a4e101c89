/** Notifications whose time a test moves, and whose messages it keeps. */
import { parseDuration } from '../../../core/durations';
import { fixedSecret } from '../../../forwarder/config/secrets';
import { TOLD_AFTER } from '../../../forwarder/config/toldAfter';
import type { NotificationConfig } from '../../../forwarder/config/types';
import { createChannel, type Channel, type ChannelDeps } from '../../../forwarder/notify/channel';
import type { Posted, PostTo } from '../../../forwarder/notify/post';
import type { Looked, Problem } from '../../../forwarder/notify/problem';
import type { Told, ToldStore } from '../../../forwarder/store/told';
import { settle, TestClock } from '../delivery/support/clock';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

const usual = Object.entries(TOLD_AFTER).map(([rule, after]) => [rule, parseDuration(after)!]);

export function notification(change: Partial<NotificationConfig> = {}): NotificationConfig {
	return {
		...{ name: 'ops', type: 'webhook', severity: 'degraded', perMinute: 100, allowInsecure: false, headers: {} },
		url: fixedSecret('https://hooks.example/canary-address'),
		afterMs: Object.fromEntries(usual) as NotificationConfig['afterMs'],
		...change,
	};
}

export const refusedSource = (source: string, change: Partial<Problem> = {}): Problem => ({
	...{ rule: 'source_refused', severity: 'not_ready', source, message: 'status 401', fix: 'check the key' },
	...change,
});

/** As the state keeps it, in memory; `isAway`: it cannot be asked. */
export function memoryStore(now: () => number) {
	const rows = new Map<string, { name: string; key: string; notice: string; seen: number }>();
	const turns = new Map<string, { who: string; at: number }>();
	const store = {
		isAway: false,
		rows,
		async begin(name: string, who: string, forMs: number) {
			reachable();
			const turn = turns.get(name);
			if (turn && turn.who !== who && now() - turn.at < forMs) return false;
			turns.set(name, { who, at: now() });
			return true;
		},
		async end(name: string, who: string) {
			reachable();
			if (turns.get(name)?.who === who) turns.delete(name);
		},
		async read(name: string): Promise<Told[]> {
			reachable();
			const mine = [...rows.values()].filter((row) => row.name === name);
			return mine.map(({ key, notice, seen }) => ({ key, notice, unseenMs: now() - seen }));
		},
		async seen(name: string, keys: readonly string[]) {
			reachable();
			for (const key of keys) {
				const row = rows.get(`${name} ${key}`);
				if (row) row.seen = now();
			}
		},
		async change(name: string, { begun = [], over = [] }: Parameters<ToldStore['change']>[1]) {
			reachable();
			for (const { key, notice } of begun) rows.set(`${name} ${key}`, { name, key, notice, seen: now() });
			for (const key of over) rows.delete(`${name} ${key}`);
		},
	};
	const reachable = () => {
		if (store.isAway) throw new Error('the state is away');
	};
	return store;
}

export type MemoryStore = ReturnType<typeof memoryStore>;

interface Body {
	begun: Problem[];
	over: Problem[];
}

export interface Scene {
	clock: TestClock;
	store: MemoryStore;
	/** What was posted, in order. */
	bodies: unknown[];
	/** `refused: acme, globex` or `over: acme`, in order. */
	said(): string[];
	reports: (string | undefined)[];
	/** How the next requests are answered; then well. */
	answers: (Posted | Promise<Posted>)[];
	/** As whom each request was sent. */
	senders: PostTo[];
	channel: Channel;
	/** Another process, with the same state. */
	another(id: string): Channel;
	/** Looks every ten seconds for that long. */
	during(
		ms: number,
		problems: readonly Problem[],
		absence?: Looked['absence'],
		who?: readonly Channel[],
	): Promise<void>;
}

export function scene(config = notification()): Scene {
	const clock = new TestClock();
	const store = memoryStore(() => clock.now());
	const [bodies, reports]: [unknown[], (string | undefined)[]] = [[], []];
	const [answers, senders]: [(Posted | Promise<Posted>)[], PostTo[]] = [[], []];
	const deps = (id: string): ChannelDeps => ({
		...{ store, clock, env: {}, from: 'relay-1', id, signal: new AbortController().signal },
		report: (_, failure) => void reports.push(failure),
		send: async (config, body) => {
			senders.push(config);
			const answer = (await answers.shift()) ?? { ok: true };
			if (answer.ok) bodies.push(body);
			return answer;
		},
	});
	const channel = createChannel(config, deps('one'));
	const names = (some: Problem[]) =>
		some.map(({ source, destination, rule }) => source ?? destination ?? rule).join(', ');
	return {
		...{ clock, store, bodies, reports, answers, senders, channel },
		said: () =>
			(bodies as Body[]).flatMap(({ begun, over }) => [
				...(begun.length > 0 ? [`begun: ${names(begun)}`] : []),
				...(over.length > 0 ? [`over: ${names(over)}`] : []),
			]),
		another: (id) => createChannel(config, deps(id)),
		async during(ms, problems, absence = () => 'over', who = [channel]) {
			for (let passed = 0; passed <= ms; passed += 10 * SECOND) {
				const told = Promise.all(who.map((one) => one.tell({ problems, absence })));
				await clock.pass(10 * SECOND);
				await clock.until(told);
			}
		},
	};
}

/** What limits messages goes by real time. */
export async function happens(what: () => boolean): Promise<void> {
	while (!what()) await settle();
}
