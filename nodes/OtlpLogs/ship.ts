/** Maps the input items, ships them in batches, and parts them by what the receiver said. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { fromMillis, isTransient, nodeError, numberFrom, RequestError, runtime } from '../shared/core';
import { dropsSilently, forDatadog } from './datadog';
import { attributesOf, recordByHand } from './map/byHand';
import { fromItem } from './map/fromEvent';
import { withHeldTime } from './map/heldTime';
import type { Entry } from './encode/model';
import { batches } from './send/batches';
import { deliverer, type Rejection } from './send/deliver';
import { MaybeTaken, openReceiver, type Encoding, type Receiver } from './send/receiver';

const TITLE = 'The OTLP receiver';

/** A Collector is back after a restart in less. */
const KEEP_TRYING_S = 120;

interface Options {
	batchSize?: number;
	encoding?: Encoding;
	/** Seconds. */
	keepTryingFor?: unknown;
	resourceAttributes?: unknown;
}

interface Mapped {
	itemIndex: number;
	entry: Entry;
}

export async function ship(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const items = context.getInputData();
	const options = context.getNodeParameter('options', 0, {}) as Options;
	const accepted: INodeExecutionData[] = [];
	const rejected: INodeExecutionData[] = [];
	const sortOut = (itemIndex: number, rejection: Rejection | undefined) => {
		const { json, binary } = items[itemIndex]!;
		const more = { ...(binary && { binary }), pairedItem: { item: itemIndex } };
		if (!rejection) accepted.push({ json, ...more });
		else rejected.push({ json: { ...json, rejection: { ...rejection } as IDataObject }, ...more });
	};
	/** With Continue on Fail an item that cannot be shipped is a rejected one. */
	const failed = (error: unknown, indexes: readonly number[]) => {
		const failure = nodeError(error, { node, title: TITLE, itemIndex: indexes[0] });
		const cancelled = error instanceof RequestError && error.failure.kind === 'aborted';
		if (!context.continueOnFail() || cancelled) {
			if (accepted.length > 0)
				failure.description = `${failure.description ?? ''} ${accepted.length} items were shipped before.`.trim();
			throw failure;
		}
		const reason = [failure.message, failure.description].filter(Boolean).join('. ');
		for (const index of indexes) sortOut(index, { reason, certain: !(error instanceof MaybeTaken) });
	};

	const receiver = await opened(context, options).catch((error: unknown) => {
		throw nodeError(error, { node, title: TITLE });
	});
	const deliver = deliverer(receiver);
	const observed = fromMillis(runtime.clock.now());
	const mapped: Mapped[] = [];
	let asTheyAre = 0;
	for (const itemIndex of items.keys()) {
		try {
			const { isEvent = true, ...what } = mapItem(context, itemIndex, observed, options.resourceAttributes);
			if (!isEvent) asTheyAre++;
			const entry = withHeldTime({ ...what, observed });
			const lost = receiver.isDatadog ? dropsSilently(entry) : undefined;
			if (lost) sortOut(itemIndex, { reason: lost, certain: true });
			else mapped.push({ itemIndex, entry: receiver.isDatadog ? forDatadog(entry) : entry });
		} catch (error) {
			failed(error, [itemIndex]);
		}
	}
	/** Why the receiver could not be reached for as long as it was tried: what is left would wait as long again, in vain. */
	let away: RequestError | undefined;
	for (const batch of batches(mapped, options.batchSize ?? 512)) {
		try {
			if (away) throw new RequestError(away.failure);
			const results = await deliver(batch.map(({ entry }) => entry));
			for (const [index, { itemIndex }] of batch.entries()) sortOut(itemIndex, results[index]);
		} catch (error) {
			if (error instanceof RequestError && isTransient(error.failure)) away = error;
			failed(
				error,
				batch.map(({ itemIndex }) => itemIndex),
			);
		}
	}
	if (asTheyAre > 0) {
		const message = `${asTheyAre} of ${items.length} items are not audit events and were shipped as they are. With Map by Hand you say what is what.`;
		context.addExecutionHints?.({ message, location: 'outputPane' });
	}
	return [inOrder(accepted), inOrder(rejected)];
}

async function opened(context: IExecuteFunctions, options: Options): Promise<Receiver> {
	const seconds = numberFrom(0, 'Keep Trying For', options.keepTryingFor ?? KEEP_TRYING_S);
	return openReceiver(context, options.encoding ?? 'protobuf', { retries: Infinity, keepTryingMs: seconds * 1000 });
}

function mapItem(
	context: IExecuteFunctions,
	itemIndex: number,
	now: bigint,
	resourceAttributes: unknown,
): Omit<Entry, 'observed'> & { isEvent?: boolean } {
	const parameter = (name: string, fallback?: unknown) =>
		context.getNodeParameter(name, itemIndex, fallback) as unknown;
	const further = attributesOf(resourceAttributes);
	if (parameter('mapping', 'event') === 'event') {
		const item = context.getInputData()[itemIndex]?.json ?? {};
		const { resource, ...mapped } = fromItem(item, parameter('origin', 'auto') as string, now);
		return { ...mapped, resource: { ...further, ...resource } };
	}
	const record = recordByHand({
		time: parameter('time', ''),
		severity: parameter('severity', 9),
		eventName: String(parameter('eventName', '') as string),
		body: parameter('body', ''),
		attributes: parameter('attributes', '{}'),
		timezone: context.getTimezone(),
		now,
	});
	return { record, resource: { ...further, 'service.name': String(parameter('serviceName', 'n8n') as string) } };
}

/** What was refused before sending comes among what the receiver refused. */
function inOrder(items: INodeExecutionData[]): INodeExecutionData[] {
	const indexOf = ({ pairedItem }: INodeExecutionData) => (pairedItem as { item: number }).item;
	return items.sort((a, b) => indexOf(a) - indexOf(b));
}
