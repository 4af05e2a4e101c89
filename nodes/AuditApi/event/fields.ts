/** Fields of a payload, each with the type that was picked for it, as in n8n's Edit Fields. */
import { validateFieldType, type FieldType, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { InvalidInput } from '../../shared/core';
import type { AuditApiStep } from '../service';

export const fields: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'assignmentCollection',
	displayOptions: { show: { payloadMode: ['fields'] } },
	default: {},
	description: 'What else the event says. Each value is sent with its type; a dot is a part of the name.',
};

interface Assignment {
	name?: string;
	value?: unknown;
	type?: string;
}

export function givenFields(step: AuditApiStep): IDataObject {
	const { assignments = [] } = step.parameter<{ assignments?: Assignment[] }>('fields', {});
	const named = assignments
		.map(({ name = '', ...rest }) => ({ ...rest, name: name.trim() }))
		.filter(({ name }) => name !== '')
		.map(({ name, value, type = 'string' }): [string, unknown] => [name, typed(name, value, type)]);
	return Object.fromEntries(named) as IDataObject;
}

function typed(name: string, value: unknown, type: string): unknown {
	if (value === undefined || value === null) return null;
	// n8n's own check takes anything for text
	if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value as number);
	const checked = validateFieldType(name, value, type as FieldType);
	if (!checked.valid) {
		throw new InvalidInput(
			`The field ${name} is not of the type ${type}`,
			'Pick another type for it, or another value.',
		);
	}
	const newValue: unknown = checked.newValue;
	if (typeof newValue === 'number' && Number.isInteger(newValue) && !Number.isSafeInteger(newValue)) {
		const advice = 'Numbers beyond 9007199254740991 lose digits in JavaScript: pick the type String.';
		throw new InvalidInput(`The field ${name} is too large for a number`, advice);
	}
	return newValue;
}
