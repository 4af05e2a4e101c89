/**
 * The polling triggers: the forwarder's lossless walk with n8n's static data as its store. The new state is built aside and
 * assigned last, in one step, because n8n does not roll static data back when a poll throws.
 */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { sweep } from '../../../core/walk/stream';
import { poll, type WalkDeps } from '../../../core/walk/walk';
import type { Nanos, Source, SourceEvent } from '../../../core/contract';
import type { Provider, Settings } from '../../../core/provider';
import { RequestError } from '../../../core/http/failure';
import type { Domain, Urgency } from '../../../core/http/politeness';
import { DAY, formatInstant, fromMillis, SECOND } from '../../../core/time';
import { connect } from '../connect';
import { nodeError } from '../errors';
import { runtime, type PollReport } from '../runtime';
import { shaped } from '../shape';
import { outOfTime, pollBudgetMs, stopAt } from './budget';
import { alone } from './alone';
import { newer, saved } from './handover';
import { tellHealth } from './health';
import { keep, kept } from './kept';
import { inOrder, recentEvents } from './manual';
import { reported } from './report';
import type { PollState } from './saved';
import { tellFloor } from './notice';
import { markOf, readSettings, type TriggerSettings } from './settings';
import { pollStore, type PollStore } from './store';
import { longWalk } from './windows';

export interface Watched {
	provider: Provider;
	credentialType: string;
	/** Absent: the credential has them. */
	settings?: Settings;
	/** Adds what the service tells elsewhere. */
	complete?(
		context: IPollFunctions,
		events: readonly SourceEvent[],
		signal: AbortSignal,
	): Promise<readonly SourceEvent[]>;
}

/** A window that needs more pages is cut. */
const MAX_PAGES = 500;

export async function pollTrigger(context: IPollFunctions, watched: Watched): Promise<INodeExecutionData[][] | null> {
	const node = context.getNode();
	const deadline = runtime.deadline(pollBudgetMs(context));
	try {
		if (context.getMode() === 'manual') return await shown(context, watched, deadline);
		return await alone(context, deadline, (key) =>
			reported(context, watched.provider, key, (report) => run(context, watched, key, report, deadline)),
		);
	} catch (error) {
		throw nodeError(error, { node, title: watched.provider.title, provider: watched.provider });
	}
}

interface Opened {
	settings: TriggerSettings;
	source: Source;
	domain: Pick<Domain, 'pausedUntil'>;
	/** Of the log that is read. */
	mark: string;
	/** As the workflow gets them. */
	items(events: readonly SourceEvent[], signal: AbortSignal): Promise<INodeExecutionData[][]>;
}

async function open(
	context: IPollFunctions,
	{ provider, credentialType, settings: given, complete }: Watched,
	urgency?: Urgency,
): Promise<Opened> {
	const settings = readSettings(context, provider, given);
	const waits = { ...settings.options, keepTryingMs: pollBudgetMs(context) };
	const connection = await connect(context, credentialType, provider, waits, urgency);
	return {
		settings,
		source: provider.source(connection.call, given ?? connection.settings, settings, {
			clock: runtime.clock,
			baseUrl: connection.baseUrl,
		}),
		domain: connection.domain,
		mark: markOf(context, provider, credentialType, connection, given),
		async items(events, signal) {
			const all = (await complete?.(context, events, signal)) ?? events;
			return [inOrder(all).map((event): INodeExecutionData => ({ json: shaped(provider, event, settings.shape) }))];
		},
	};
}

/** For a test by hand. */
async function shown(context: IPollFunctions, watched: Watched, deadline: AbortSignal) {
	const { settings, source, items } = await open(context, watched, 'asked');
	return items(await recentEvents(source, settings.matches, context.getNode(), deadline), deadline);
}

async function run(
	context: IPollFunctions,
	watched: Watched,
	key: string,
	report: PollReport,
	deadline: AbortSignal,
): Promise<INodeExecutionData[][] | null> {
	const { provider } = watched;
	const { settings, source, domain, mark, items } = await open(context, watched);
	report.domain = domain;
	const stored = kept(context);
	const latest = newer(key, mark, context.getWorkflowStaticData('node'), stored.state);
	if (latest === 'storing') return null;
	const known = ofThisLog(context, latest, stored.isBroken, mark);
	const begun = known ?? (await begin(context, source, settings, mark, deadline));
	const save = (state: PollState, isDelivering: boolean) => {
		const next = {
			...state,
			fingerprint: mark,
			service: provider.name,
			saves: Math.max(begun.saves, latest?.saves ?? 0) + 1,
			polledAt: runtime.clock.now(),
		};
		keep(context, next);
		saved(key, context.getWorkflowStaticData('node'), next, isDelivering);
	};
	if (!known && settings.startFrom === undefined) {
		save(begun, false);
		return null;
	}
	const { state, store } = await walked(context, watched, settings, source, begun, deadline, domain);
	const output = await items(store.fresh, deadline);
	const told = tellFloor(context, begun, state, fromMillis(provider.defaults.reconcile?.spanMs ?? 0));
	if (store.invalid.length > 0) {
		const ids = store.invalid.map(({ id, reason }) => `${id} (${reason})`).slice(0, 10);
		context.logger.warn(`${provider.title}: ${store.invalid.length} elements are not events: ${ids.join(', ')}`);
	}
	for (const { detail } of store.gaps) context.logger.warn(`${provider.title}: ${detail}`);
	const health = tellHealth(context, settings.options.health, begun, state, report);
	const next = {
		...state,
		...(told && { floorToldAt: runtime.clock.now() }),
		...(health && { healthTold: health.told }),
	};
	save(next, store.fresh.length > 0);
	const all = [...(told ? [told] : []), ...(health ? [health.item] : []), ...output[0]!];
	return all.length > 0 ? [all] : null;
}

/** Undefined when there is none, none that can be read, or one of another log. */
function ofThisLog(
	context: IPollFunctions,
	state: PollState | undefined,
	isBroken: boolean,
	mark: string,
): PollState | undefined {
	// that of the first version does not say; what it is another account's for, is read a little too far back
	if (state && (state.fingerprint === undefined || state.fingerprint === mark)) return state;
	if (!state && !isBroken) return undefined;
	const why = state ? 'its account, its address or its Start From has changed' : 'its stored state cannot be read';
	context.logger.warn(
		`${context.getNode().name} starts over, because ${why}. Events since its last poll may be left out.`,
	);
	return undefined;
}

/**
 * From now on by whichever clock is behind, the provider's or ours: one request tells, and wrong credentials fail the activation
 * there. An expression such as "seven days ago" was computed by our clock, and moves with it.
 */
async function begin(
	context: IPollFunctions,
	source: Source,
	{ startFrom, isStartComputed }: TriggerSettings,
	mark: string,
	signal: AbortSignal,
): Promise<PollState> {
	const ours = fromMillis(runtime.clock.now());
	const { serverTime = ours } = await source.page({ lower: ours }, undefined, signal, { skim: true });
	const now = serverTime < ours ? serverTime : ours;
	const start = startFrom === undefined ? now : isStartComputed ? startFrom - (ours - now) : startFrom;
	if (start > now + SECOND) {
		const when = formatInstant(start, 0);
		context.logger.warn(`${context.getNode().name} starts at ${when}, which is still to come by the provider's clock.`);
	}
	return {
		fingerprint: mark,
		saves: 0,
		stream: { start, watermark: start },
		seen: { ids: new Map(), old: new Map() },
		sweptAt: runtime.clock.now(),
		floorToldAt: 0,
		polledAt: 0,
	};
}

async function walked(
	context: IPollFunctions,
	{ provider }: Watched,
	{ lateness, matches, maxEvents }: TriggerSettings,
	source: Source,
	begun: PollState,
	deadline: AbortSignal,
	domain: Pick<Domain, 'pausedUntil'>,
): Promise<{ state: PollState; store: PollStore }> {
	const { clock } = runtime;
	const { reconcile } = provider.defaults;
	const now = fromMillis(clock.now());
	const stop = stopAt(deadline);
	const walk = begun.stream.walk ?? longWalk(begun.stream.watermark, now);
	const store = pollStore({ ...begun, stream: { ...begun.stream, walk } }, maxEvents, () => stop.abort());
	const keepSeen = reconcile ? fromMillis(reconcile.spanMs) + DAY : 0n;
	const options = { lateness, maxPages: MAX_PAGES, keepSeen, drop: (event: SourceEvent) => !matches(event) };
	const deps: WalkDeps = { source, store, clock, options, signal: stop.signal };
	// a clock that was ahead then must not put the next look off
	let sweptAt = Math.min(begun.sweptAt, clock.now());
	try {
		await poll(deps);
		if (reconcile && clock.now() - sweptAt >= reconcile.everyMs && !stop.signal.aborted) {
			await secondLook(deps, store.state(), fromMillis(reconcile.spanMs));
			if (!stop.signal.aborted) sweptAt = clock.now();
		}
	} catch (error) {
		const halted = error instanceof RequestError && error.failure.kind === 'aborted' && deadline.aborted;
		// what was read is safe and is kept; an error that lasts is met again by the next poll's first request
		if (store.commits === 0) throw halted ? outOfTime(error, domain.pausedUntil) : error;
		if (!halted) context.logger.warn(`${context.getNode().name} stopped early: ${(error as Error).message}`);
	}
	return { state: { ...store.state(), sweptAt }, store };
}

/** Events that were dated further back than the walk looks. */
async function secondLook(deps: WalkDeps, { stream }: PollState, span: Nanos): Promise<void> {
	const from = stream.watermark - span;
	const lower = from > stream.start ? from : stream.start;
	if (lower < stream.watermark) await sweep(deps, { lower, upper: stream.watermark });
}
