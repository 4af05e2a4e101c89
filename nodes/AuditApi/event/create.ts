import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { auditApi, optionsCollection, requestOptions } from '../../shared/core';
import type { AuditApiOperation } from '../service';
import { stored, storedBefore, uncertain } from './stored';
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
		description: `Sent as the field ${KEY_FIELD} of the payload. Empty: made of the execution, the item and the payload.`,
	},
	{
		displayName: 'Max Wait (Seconds)',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 300 },
		default: 30,
		description: 'How long to wait until the event is stored, if that was asked for',
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
				'Whether to wait until the event can be read. AuditAPI stores events some time after it accepts them.',
		},
		optionsCollection([...extra, ...requestOptions(auditApi, { paged: false })]),
	],
	async *run(step) {
		const payload = payloadOf(step);
		const key = step.parameter('sendKey', true) ? duplicateKey(step, payload) : undefined;
		const keyed = key === undefined ? payload : { ...payload, [KEY_FIELD]: key };
		const known = key !== undefined && step.options.checkFirst === true && (await storedBefore(step, KEY_FIELD, key));
		if (known) {
			yield result(known, key, { created: false, stored: true });
			return;
		}
		const { id } = await step.client
			.create(keyed, step.signal)
			.catch((error: unknown) => uncertain(step, error, KEY_FIELD, key));
		const wait = step.parameter('waitUntilStored', false);
		if (wait) await stored(step, id);
		yield result(id, key, { created: true, ...(wait ? { stored: true } : {}) });
	},
};

function result(id: string, key: string | undefined, state: IDataObject): IDataObject {
	return { id, ...state, ...(key !== undefined && { [KEY_FIELD]: key }) };
}
