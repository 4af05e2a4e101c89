/** One notification: what it has told, what is due, and how it is sent. What could not be sent stays due, so that nothing queues up. */
import Bottleneck from 'bottleneck';
import pRetry from 'p-retry';
import type { Clock } from '../../core/contract';
import { readSecrets, SecretError, type Env } from '../config/secrets';
import type { NotificationConfig } from '../config/types';
import { formatInstant, fromMillis } from '../../core/time';
import type { ToldStore } from '../store/told';
import { DueProblems, type Due } from './due';
import { post, type Posted } from './post';
import { keyOf, type Looked, type Notice, type Problem } from './problem';
import { remembered } from './remembered';
import type { Post } from './shapes/shape';
import { SHAPES } from './shapes/shapes';
import type { NotificationStatus } from './status';

const RETRIES = 3;
const FIRST_WAIT_MS = 1000;
/** What takes longer is left to a later look. */
const LONGEST_WAIT_MS = 20_000;
/** After a message that could not be sent: doubled each time, up to the second, and no longer even for who asks for a day. */
const BACK_OFF_MS = 30_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;
/** Others wait for so long for who has begun to tell. */
const TURN_MS = 3 * 60_000;
/** How often it is noted that what was told is still so. */
const SEEN_MS = 20_000;

export interface ChannelDeps {
	store: ToldStore;
	clock: Clock;
	env: Env;
	/** Which process says it. */
	from: string;
	/** Differs between processes. */
	id: string;
	signal: AbortSignal;
	/** Told when it begins to fail, and when it works again. */
	report(name: string, failure: string | undefined): void;
	send?: typeof post;
}

class NotSent extends Error {
	constructor(readonly posted: Posted & { ok: false }) {
		super(posted.reason);
	}
}

export interface Channel {
	readonly status: Readonly<NotificationStatus>;
	/** Never throws. What is told already is not told again. */
	tell(looked: Looked): Promise<void>;
	/** From now on, under the same name. A request under way is waited for, so that nobody is told twice; it is not repeated. */
	change(config: NotificationConfig): void;
}

export function createChannel(first: NotificationConfig, deps: ChannelDeps): Channel {
	const { name } = first;
	let now = configured(first);
	const { store, clock, from, id, report, send = post } = deps;
	const due = new DueProblems(() => now.config.afterMs);
	const told = remembered(store, name, id, TURN_MS, () => clock.now());
	let limiter = limiterOf(first);
	const status: NotificationStatus = { name, sent: 0, failed: 0 };
	let isBusy = false;
	let isUnreadable = false;
	let notBefore = -Infinity;
	let failures = 0;
	let seenAt = -Infinity;

	/** What is told to others than itself. */
	const mine = ({ problems, absence }: Looked): Looked => ({
		problems: problems.filter(
			(problem) =>
				problem.notification !== name && (now.config.severity === 'degraded' || problem.severity === 'not_ready'),
		),
		absence,
	});

	async function sendOne(body: unknown, { config, changed }: Configured): Promise<Posted> {
		const ended = AbortSignal.any([deps.signal, changed.signal]);
		const isWorthIt = (error: Error) => !ended.aborted && isRetryable(error);
		const attempt = async () => {
			const posted = await send(config, body, deps);
			if (!posted.ok) throw new NotSent(posted);
		};
		const wait = async ({
			error,
			attemptNumber,
			retriesLeft,
		}: {
			error: Error;
			attemptNumber: number;
			retriesLeft: number;
		}) => {
			if (retriesLeft > 0 && isWorthIt(error)) await clock.sleep(waitMs(error, attemptNumber), ended);
		};
		try {
			await pRetry(attempt, {
				retries: RETRIES,
				// all waiting is done by our clock
				minTimeout: 0,
				onFailedAttempt: wait,
				shouldRetry: ({ error }) => isWorthIt(error),
				signal: deps.signal,
			});
			return { ok: true };
		} catch (error) {
			if (error instanceof NotSent) return error.posted;
			return { ok: false, retry: false, reason: deps.signal.aborted ? 'stopped' : 'unexpected error' };
		}
	}

	function fail(reason: string): void {
		if (status.failure === undefined) report(name, reason);
		status.failure = { sinceMs: status.failure?.sinceMs ?? clock.now(), reason };
	}

	function succeed(): void {
		if (status.failure !== undefined) report(name, undefined);
		delete status.failure;
	}

	/** Seen before there is something to tell. */
	async function canRead({ config }: Configured): Promise<boolean> {
		try {
			await Promise.all([config.url.read(), config.routingKey?.read(), readSecrets(config.headers)]);
			if (isUnreadable) succeed();
			isUnreadable = false;
		} catch (error) {
			if (!(error instanceof SecretError)) throw error;
			fail(error.message);
			isUnreadable = true;
		}
		return !isUnreadable;
	}

	function noteOutcome(posted: Posted): void {
		if (posted.ok) {
			status.sent++;
			failures = 0;
			return succeed();
		}
		if (deps.signal.aborted) return;
		status.failed++;
		failures++;
		const backOff = Math.min(LONGEST_BACK_OFF_MS, BACK_OFF_MS * 2 ** (failures - 1));
		notBefore = clock.now() + Math.min(LONGEST_BACK_OFF_MS, Math.max(posted.afterMs ?? 0, backOff));
		fail(posted.reason);
	}

	/** @param to as it was when the messages were written */
	async function sendAll(posts: readonly Post[], to: Configured): Promise<void> {
		for (const { body, begun, over } of posts) {
			if (to.changed.signal.aborted) return;
			if (body !== undefined) {
				// what is too much for this minute stays due
				if (!(await limiter.check())) return;
				const posted = await limiter.schedule(() => sendOne(body, to));
				if (!posted.ok && to.changed.signal.aborted) return;
				noteOutcome(posted);
				if (!posted.ok) return;
			}
			due.told({ begun: [...begun], over: [...over] }, clock.now());
			await told.change(
				begun.map((notice) => ({ key: keyOf(notice), notice })),
				over.map(({ key }) => key),
			);
		}
	}

	function noticesOf(begun: readonly Problem[], at: string): Notice[] {
		const first = new Map<string, string>();
		for (const problem of begun) {
			if (!first.has(problem.rule)) first.set(problem.rule, `audit-relay ${keyOf(problem)} ${at}`.slice(0, 255));
		}
		return begun.map((problem) => ({ ...problem, toldAt: at, incident: first.get(problem.rule)! }));
	}

	async function round(looked: Looked): Promise<void> {
		const to = now;
		const at = clock.now();
		due.look(looked, at);
		const open = await told.read();
		const present = new Set(looked.problems.map(keyOf));
		const still = open.filter(({ key, notice }) => present.has(key) || looked.absence(notice) === 'unknown');
		if (still.length > 0 && at - seenAt >= SEEN_MS) {
			seenAt = at;
			await told.seen(still.map(({ key }) => key));
		}
		if (!(await canRead(to))) return;
		if (at < notBefore || isNothing(due.due(looked, open, at))) return;
		if (!(await told.begin())) return;
		try {
			// another may have told it meanwhile
			const newest = await told.read();
			const { begun, over } = due.due(looked, newest, at);
			const toldAt = formatInstant(fromMillis(clock.now()), 0);
			const telling = { begun: noticesOf(begun, toldAt), over, open: newest, from, at: toldAt };
			const { type, routingKey } = to.config;
			await sendAll(SHAPES[type](telling, await routingKey?.read()), to);
		} finally {
			await told.end();
		}
	}

	return {
		status,
		async tell(looked) {
			if (isBusy) return;
			isBusy = true;
			try {
				await round(mine(looked));
			} finally {
				isBusy = false;
			}
		},
		change(next) {
			if (next.perMinute !== now.config.perMinute) limiter = limiterOf(next);
			now.changed.abort();
			now = configured(next);
			// what failed before says nothing of this one
			[notBefore, failures, isUnreadable] = [-Infinity, 0, false];
			delete status.failure;
		},
	};
}

interface Configured {
	config: NotificationConfig;
	/** It is configured in another way now. */
	changed: AbortController;
}

const configured = (config: NotificationConfig): Configured => ({ config, changed: new AbortController() });

function limiterOf({ perMinute }: NotificationConfig): Bottleneck {
	return new Bottleneck({
		reservoir: perMinute,
		reservoirRefreshAmount: perMinute,
		reservoirRefreshInterval: 60_000,
		maxConcurrent: 1,
	});
}

const isNothing = ({ begun, over }: Due) => begun.length === 0 && over.length === 0;

function isRetryable(error: Error): boolean {
	return error instanceof NotSent && error.posted.retry && (error.posted.afterMs ?? 0) <= LONGEST_WAIT_MS;
}

function waitMs(error: Error, attempt: number): number {
	const asked = error instanceof NotSent ? error.posted.afterMs : undefined;
	return asked ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
}
