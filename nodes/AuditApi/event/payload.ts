/** The event to create, from parameters. Everything wrong is said before anything is sent. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { formatInstant, hash128, InvalidInput, instant, object } from '../../shared/core';
import type { AuditApiStep } from '../service';
import { fields, givenFields } from './fields';

export const payloadProperties: INodeProperties[] = [
	{
		displayName: 'Payload',
		name: 'payloadMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Define Below', value: 'fields', description: 'An action and the fields that you list' },
			{ name: 'Input Item', value: 'item', description: 'All fields of the input item' },
			{ name: 'JSON', value: 'json', description: 'A JSON object' },
		],
		default: 'fields',
		description: 'What the event says. One event is created per input item.',
	},
	{
		displayName: 'Action',
		name: 'action',
		type: 'string',
		displayOptions: { show: { payloadMode: ['fields'] } },
		default: '',
		required: true,
		placeholder: 'e.g. account.created',
		description: 'What happened',
	},
	fields,
	{
		displayName: 'JSON',
		name: 'jsonPayload',
		type: 'json',
		displayOptions: { show: { payloadMode: ['json'] } },
		default: '{}',
		required: true,
		description: 'An object with at least one key',
	},
	{
		displayName: 'Timestamp',
		name: 'timestamp',
		type: 'dateTime',
		default: '',
		description: 'When it happened. Empty: the timestamp in the payload, else the time of receipt.',
	},
];

export function payloadOf(step: AuditApiStep): IDataObject {
	const payload = { ...given(step) };
	const picked = instant('Timestamp', step.parameter<unknown>('timestamp', ''), step.timezone);
	// AuditAPI ignores a malformed timestamp silently, so it is refused here
	const own = instant('The timestamp in the payload', payload.timestamp, step.timezone);
	const time = picked ?? own;
	if (time === undefined) delete payload.timestamp;
	else payload.timestamp = formatInstant(time, time % 1_000_000_000n === 0n ? 0 : 6);
	if (Object.keys(payload).length === 0 || (time !== undefined && Object.keys(payload).length === 1)) {
		throw new InvalidInput('The payload is empty', 'Give it at least one field besides the timestamp.');
	}
	return payload;
}

function given(step: AuditApiStep): IDataObject {
	switch (step.parameter<string>('payloadMode', 'fields')) {
		case 'item':
			return step.context.getInputData()[step.itemIndex]?.json ?? {};
		case 'json':
			return parsed(step.parameter<unknown>('jsonPayload', '{}'));
		default: {
			const action = step.words('action');
			if (action === '') throw new InvalidInput('Action is empty', 'Say what happened, for example account.created.');
			return { action, ...givenFields(step) };
		}
	}
}

function parsed(value: unknown): IDataObject {
	let json = value;
	if (typeof value === 'string') {
		try {
			json = JSON.parse(value) as unknown;
		} catch {
			json = undefined;
		}
	}
	if (json === undefined || json === null || json !== Object(json) || Array.isArray(json)) {
		throw new InvalidInput('JSON is not a JSON object', 'It must look like {"action": "account.created"}.');
	}
	return object(json) as IDataObject;
}

/** The same for a repeat of the same item in the same run, different for everything else. */
export function duplicateKey(step: AuditApiStep, payload: IDataObject): string {
	const own = typeof step.options.duplicateKey === 'string' ? step.options.duplicateKey.trim() : '';
	if (own !== '') return own;
	const run = step.context.evaluateExpression('{{ $runIndex }}', step.itemIndex);
	const { id } = step.context.getNode();
	return hash128(JSON.stringify([step.context.getExecutionId(), id, run, step.itemIndex, payload]));
}
