import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { auditApi, optionsCollection, requestOptions } from '../../shared/core';
import type { AuditApiOperation, AuditApiStep } from '../service';
import { maxWaitMs, stored, storedBefore, uncertain } from './stored';
import { duplicateKey, payloadOf, payloadProperties } from './payload';

/** Name of the field, as the vendor-neutral advice for APIs without an idempotency key has it. */
export const KEY_FIELD = 'idempotency_key';

const extra: INodeProperties[] = [
	{
		displayName: 'Check for Duplicates First',
		name: 'checkFirst',
		type: 'boolean',
		default: false,
		description:
			'Whether to look for an event with the same duplicate key before creating one, which costs one request. Useful with a key of your own.',
	},
	{
		displayName: 'Duplicate Key',
		name: 'duplicateKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.orderId }}',
		description: `Sent as the field ${KEY_FIELD} of the payload. Empty: made of the execution, the item and the payload.`,
	},
	{
		displayName: 'Max Wait (Seconds)',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 300 },
		default: 30,
		description:
			'How long to wait until the events are stored, if that was asked for. Counted from when all are accepted.',
	},
];

export const create: AuditApiOperation = {
	properties: [
		...payloadProperties,
		{
			displayName: 'Send Duplicate Key',
			name: 'sendKey',
			type: 'boolean',
			default: true,
			description: `Whether to add the field ${KEY_FIELD} to the payload. AuditAPI has no protection of its own: with the key, an event that was sent twice can be recognised.`,
		},
		{
			displayName: 'Wait Until Stored',
			name: 'waitUntilStored',
			type: 'boolean',
			default: false,
			description:
				'Whether to wait until the event can be read. AuditAPI stores events some time after it accepts them. The node sends those of all items before it waits.',
		},
		optionsCollection([...extra, ...requestOptions(auditApi, { paged: false })]),
	],
	// what a domain has under way at most
	atOnce: 2,
	async *run(step) {
		const payload = payloadOf(step);
		maxWaitMs(step);
		const key = step.parameter('sendKey', true) ? duplicateKey(step, payload) : undefined;
		const send = async (): Promise<IDataObject> => {
			const { id } = await step.client
				.create(key === undefined ? payload : { ...payload, [KEY_FIELD]: key }, step.signal)
				.catch((error: unknown) => uncertain(step, error, KEY_FIELD, key));
			return { id, created: true };
		};
		const isOnce = key !== undefined && step.options.checkFirst === true;
		const result = isOnce ? await once(step, key, send) : await send();
		yield { ...result, ...(key !== undefined && { [KEY_FIELD]: key }) };
	},
	async settle(step, rows, since) {
		if (!step.parameter('waitUntilStored', false)) return rows;
		for (const { id, stored: isStored } of rows) if (!isStored) await stored(step, id as string, since);
		return rows.map(({ id, created, ...more }) => ({ id, created, stored: true, ...more }));
	},
};

/** By key, in one execution: an event that was just created cannot be found yet. */
const sending = new WeakMap<object, Map<string, Promise<IDataObject>>>();

/** Creates the event unless there is one with this key, from before or of another item. */
async function once(step: AuditApiStep, key: string, send: () => Promise<IDataObject>): Promise<IDataObject> {
	const ofRun = sending.get(step.context) ?? new Map<string, Promise<IDataObject>>();
	sending.set(step.context, ofRun);
	const other = ofRun.get(key);
	const same = other && (await other.catch(() => undefined));
	if (same) return { ...same, created: false };
	const own = storedBefore(step, KEY_FIELD, key).then((id) => (id ? { id, created: false, stored: true } : send()));
	ofRun.set(key, own);
	return own;
}
