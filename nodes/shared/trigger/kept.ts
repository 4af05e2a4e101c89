/**
 * Where n8n keeps a trigger's state: in the node's own static data, which one engine finds by the node's name and the other by its
 * id; and a copy in that of the workflow, under id and name, which a renamed node finds again.
 */
import type { IDataObject, IExecuteFunctions, IPollFunctions } from 'n8n-workflow';
import { object } from '../../../core/record/attributes';
import { runtime } from '../runtime';
import { pollKey } from './alone';
import { decode, encode, type PollState } from './saved';

const PLACE = 'auditRelay';

export interface Kept {
	state?: PollState;
	/** There is something, but nothing that can be read. */
	isBroken: boolean;
}

export function kept(context: IPollFunctions): Kept {
	const { name } = context.getNode();
	const { state } = context.getWorkflowStaticData('node');
	const own = decode(state);
	const copies = copiesOf(context);
	const copy = decode(copies[name]);
	const found = choose(name, own, copy, () => renamedFrom(context, copies));
	return { state: found, isBroken: state !== undefined && !found };
}

function choose(
	name: string,
	own: PollState | undefined,
	copy: PollState | undefined,
	former: () => PollState[],
): PollState | undefined {
	if (!own) return newest([...(copy ? [copy] : []), ...former()]);
	// written under another name: this engine finds it by the id, and stores it together with the execution; a copy may be ahead of
	// an execution that was never stored
	if (copy || own.name !== name) return own;
	// without a copy of its own it had another name in the meantime: what stands under this one is old, or another trigger's
	return newest(former()) ?? own;
}

export function keep(context: IPollFunctions, state: PollState): void {
	const { id, name } = context.getNode();
	// n8n wraps what it is given, so that one object cannot be in two places
	const saved = () => encode({ ...state, name }) as unknown as IDataObject;
	const workflow = context.getWorkflowStaticData('global');
	const others = Object.entries(copiesOf(context)).filter(([other]) => other !== name && exists(context, other));
	// n8n notices only what is assigned
	workflow[PLACE] = { ...object(workflow[PLACE]), [id]: { ...Object.fromEntries(others), [name]: saved() } };
	context.getWorkflowStaticData('node').state = saved();
	const keeping = runtime.keeping.get(workflow) ?? new Set();
	runtime.keeping.set(workflow, keeping.add(pollKey(undefined, id, name)));
}

/** Of every trigger in the workflow that starts something. */
export function everyCopy(context: IExecuteFunctions): [id: string, name: string, state: PollState][] {
	const all = object(context.getWorkflowStaticData('global')[PLACE]);
	const found = Object.entries(all).flatMap(([id, copies]) =>
		Object.entries(object(copies)).flatMap(([name, copy]): [string, string, PollState][] => {
			const state = exists(context, name) ? decode(copy) : undefined;
			return state ? [[id, name, state]] : [];
		}),
	);
	// a name has one node; the others had it before
	const last = new Map<string, number>();
	for (const [, name, { polledAt }] of found) last.set(name, Math.max(polledAt, last.get(name) ?? 0));
	return found.filter(([, name, { polledAt }]) => polledAt === last.get(name));
}

/** By name: ids are not always unique in a workflow that was put together by hand. */
function copiesOf(context: IPollFunctions): Record<string, unknown> {
	const all = object(context.getWorkflowStaticData('global')[PLACE]);
	return object(all[context.getNode().id]);
}

/** Under the name that it had before. That may be another node's now, which is no trigger of the same id then. */
function renamedFrom(context: IPollFunctions, copies: Record<string, unknown>): PollState[] {
	const { id, name } = context.getNode();
	const keeping = runtime.keeping.get(context.getWorkflowStaticData('global'));
	const others = Object.entries(copies).filter(([other]) => other !== name);
	const gone = others.filter(([other]) => !exists(context, other));
	const given = others.filter(([other]) => !keeping?.has(pollKey(undefined, id, other)));
	return (gone.length > 0 ? gone : given).flatMap(([, saved]) => decode(saved) ?? []);
}

/** A trigger that starts nothing has nothing to lose. */
function exists(context: IPollFunctions | IExecuteFunctions, name: string): boolean {
	return context.getChildNodes(name).length > 0;
}

function newest(states: readonly PollState[]): PollState | undefined {
	return states.reduce<PollState | undefined>((best, one) => (best && best.saves >= one.saves ? best : one), undefined);
}
