/** The OCSF table, applied to the records that really arrive. */
import { readFileSync } from 'node:fs';
import {
	allRecords,
	attributeNames,
	CATEGORIES,
	eventRecords,
	ownRecords,
	resourceNames,
	valuesOf,
	type ShippedRecord,
} from './support/records';

interface Table {
	/** OCSF attribute → ours, the first that a record has. */
	attributes: Record<string, string[]>;
	status_id: { attribute: string; values: Record<string, number>; absent: number };
	severity_id: { from: string; atLeast: [least: number, id: number][] };
	/** First fit decides. */
	verbs: [verb: string, pattern: string][];
	/** First fit decides. */
	classes: {
		name: string;
		class_uid: number;
		when: Record<string, string[]>;
		activity_id: Record<string, number>;
		otherwise: number;
	}[];
}

const table = JSON.parse(readFileSync('deploy/ocsf/mapping.json', 'utf8')) as Table;

/** Activities of the classes, in the published schema. */
const ACTIVITIES: Record<number, readonly number[]> = {
	0: [0, 99],
	2004: [0, 1, 2, 3, 99],
	3001: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 99],
	3002: [0, 1, 2, 3, 4, 5, 6, 7, 99],
	3004: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99],
	3005: [0, 1, 2, 3, 4, 99],
	6003: [0, 1, 2, 3, 4, 99],
	6008: [0, 1, 2, 99],
};

function verbOf({ attributes }: ShippedRecord): string | undefined {
	const action = attributes['audit.action'];
	return typeof action === 'string'
		? table.verbs.find(([, pattern]) => new RegExp(pattern).test(action))?.[0]
		: undefined;
}

function classOf(record: ShippedRecord) {
	const verb = verbOf(record);
	const value = (name: string) => (name === 'verb' ? verb : record.attributes[name]);
	const found = table.classes.find(({ when }) =>
		Object.entries(when).every(([name, values]) => values.includes(String(value(name)))),
	);
	if (!found) return undefined;
	return {
		name: found.name,
		class_uid: found.class_uid,
		activity_id: found.activity_id[verb ?? ''] ?? found.otherwise,
	};
}

const severityOf = ({ severityNumber }: ShippedRecord) =>
	table.severity_id.atLeast.find(([least]) => severityNumber >= least)?.[1];
const statusOf = ({ attributes }: ShippedRecord) => {
	const outcome = attributes[table.status_id.attribute] as string | undefined;
	return outcome === undefined ? table.status_id.absent : table.status_id.values[outcome];
};
const named = (name: string) => eventRecords.find(({ eventName }) => eventName === name)!;

test('every record has a class, an activity of that class, a status and a severity', () => {
	for (const record of allRecords) {
		const found = classOf(record)!;
		expect([record.eventName, found]).toEqual([record.eventName, expect.anything()]);
		expect(ACTIVITIES[found.class_uid]).toContain(found.activity_id);
		expect([0, 1, 2]).toContain(statusOf(record));
		expect([1, 2, 3, 4, 5, 6]).toContain(severityOf(record));
	}
});

test('every class and every activity that the table names is that of some record', () => {
	const used = allRecords.map((record) => JSON.stringify(classOf(record)));
	for (const { name, class_uid: uid, activity_id: activities, otherwise } of table.classes) {
		for (const id of Object.values(activities)) expect(ACTIVITIES[uid]).toContain(id);
		expect(ACTIVITIES[uid]).toContain(otherwise);
		expect([name, used.some((one) => one.startsWith(`{"name":"${name}","class_uid":${uid},`))]).toEqual([name, true]);
	}
});

test('every category has a class whatever the verb is, and every outcome a status', () => {
	for (const category of Object.keys(CATEGORIES)) {
		const record: ShippedRecord = { ...named('arcus.user.login'), attributes: { 'audit.category': category } };
		expect([category, classOf(record)]).toEqual([category, expect.anything()]);
	}
	expect(Object.keys(table.status_id.values).sort()).toEqual([...valuesOf('audit.outcome')].sort());
});

test('the table reads only attributes that records carry', () => {
	const read = [
		...Object.values(table.attributes).flat(),
		...table.classes.flatMap(({ when }) => Object.keys(when)),
		table.status_id.attribute,
	];
	expect(read.filter((name) => name !== 'verb' && !attributeNames.has(name) && !resourceNames.has(name))).toEqual([]);
	const verbs = table.verbs.map(([verb]) => verb);
	for (const { when, activity_id: activities } of table.classes) {
		for (const verb of [...(when['verb'] ?? []), ...Object.keys(activities)]) expect(verbs).toContain(verb);
	}
});

test.each([
	['arcus.user.login', 'Authentication', 3002, 1, 2],
	['auditapi.login', 'Authentication', 3002, 1, 1],
	['arcus.user.role_changed', 'User Access Management', 3005, 1, 1],
	['auditapi.role.granted', 'User Access Management', 3005, 1, 0],
	['arcus.user.mfa_reset', 'Account Change', 3001, 99, 1],
	['arcus.api_key.created', 'Entity Management', 3004, 1, 1],
	['arpio.deleteapikey', 'Entity Management', 3004, 4, 1],
	['arpio.updateapplication', 'Entity Management', 3004, 3, 1],
	['arpio.startapplicationfailback', 'API Activity', 6003, 3, 1],
	['arpio.getauditevents', 'API Activity', 6003, 2, 1],
	['arcus.order.created', 'API Activity', 6003, 1, 1],
	['arcus.export.denied', 'API Activity', 6003, 2, 2],
])('%s: %s', (name, caption, uid, activity, status) => {
	expect(classOf(named(name))).toEqual({ name: caption, class_uid: uid, activity_id: activity });
	expect(statusOf(named(name))).toBe(status);
});

test('of our own records what is broken is a finding and what is missing an error; the beginning of a stream is neither', () => {
	const by = (attribute: string, value: string) =>
		ownRecords.filter(({ attributes }) => attributes[attribute] === value).map((record) => classOf(record)!.class_uid);
	expect(by('audit.verify.verdict', 'broken')).toEqual([2004, 2004, 2004, 2004]);
	expect(by('audit.verify.verdict', 'proven')).toEqual([0]);
	expect(by('audit.gap.reason', 'retention')).toEqual([6008]);
	expect(by('audit.gap.reason', 'collection_start')).toEqual([0]);
});
