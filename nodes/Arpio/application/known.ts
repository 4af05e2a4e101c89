/** The applications of an account, kept for a while: events name them by their ids only. */
import type { IDataObject } from 'n8n-workflow';
import type { SourceEvent } from '../../../core/contract';
import { applicationIdsOf, arpio, connect, object, runtime, text, type Requesting } from '../../shared/core';
import { arpioService, CREDENTIAL } from '../service';
import { simplifiedApplication } from './simplified';

/** After that a new name shows. */
const KEPT_MS = 10 * 60_000;
/** After that an application that is not in the list is looked for again: it may be new. */
const MISSED_MS = 60_000;
/** A name is not worth a longer wait; many triggers on one credential wait for each other's requests. */
const PATIENCE_MS = 15_000;

/** By execution or poll: n8n reads and decrypts a credential each time that it is asked for it. */
const connections = new WeakMap<object, ReturnType<typeof connect>>();

function connected(context: Requesting): ReturnType<typeof connect> {
	const known = connections.get(context);
	if (known) return known;
	const connecting = connect(context, CREDENTIAL, arpio, { retries: 0, keepTryingMs: PATIENCE_MS });
	connections.set(context, connecting);
	return connecting;
}

/** Simplified, by id. What cannot be read is missing: a name must not hold an event up. */
export async function knownApplications(
	context: Requesting,
	ids: readonly string[],
	signal?: AbortSignal,
): Promise<ReadonlyMap<string, IDataObject>> {
	const { key, call, settings } = await connected(context);
	const place = `${key} ${settings.accountId ?? ''}`;
	const known = runtime.applications.get(place);
	const before = (await known?.byId) ?? new Map<string, IDataObject>();
	const age = known ? Math.abs(runtime.clock.now() - known.readAt) : Infinity;
	if (age < (ids.every((id) => before.has(id)) ? KEPT_MS : MISSED_MS)) return before;
	const stops = [runtime.deadline(PATIENCE_MS), ...(signal ? [signal] : [])];
	const byId = arpioService
		.client(call, settings)
		.applications(AbortSignal.any(stops))
		.then((all) => new Map(all.map((one) => [one.appId, simplifiedApplication(one)])))
		.catch(() => before);
	runtime.applications.set(place, { readAt: runtime.clock.now(), byId });
	return byId;
}

/** Events with the names of their applications beside the ids. The texts stay as received. */
export async function withNames(
	context: Requesting,
	events: readonly SourceEvent[],
	signal?: AbortSignal,
): Promise<readonly SourceEvent[]> {
	const ids = events.flatMap(({ json }) => applicationIdsOf(json));
	if (ids.length === 0) return events;
	const known = await knownApplications(context, ids, signal);
	return events.map((event) => named(event, known));
}

function named(event: SourceEvent, known: ReadonlyMap<string, IDataObject>): SourceEvent {
	const { json } = event;
	const all = resources(json).map((one) => {
		const name = known.get(idOf(one) ?? '')?.name;
		return name && object(one).name === undefined ? { ...object(one), name } : one;
	});
	return all.length > 0 ? { ...event, json: { ...json, resources: all } } : event;
}

const resources = (json: SourceEvent['json']): unknown[] => (Array.isArray(json.resources) ? json.resources : []);

function idOf(resource: unknown): string | undefined {
	const { type, id } = object(resource);
	return type === 'application' ? text(id) : undefined;
}
