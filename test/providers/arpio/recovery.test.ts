/** How a recovery stands, told by the events that follow its beginning. */
import type { SourceEvent } from '../../../core/contract';
import { recoveryStanding } from '../../../providers/arpio/recovery';
import { arpio } from '../../../providers/arpio/provider';
import { arpioEvent, type ArpioEventFields } from '../../../sandbox/arpio/events';
import { arpioEvents } from '../../../sandbox/fixtures';

const APP = 'Zt5wQe8rUy1iOp3aSd6fGh';
const OTHER = 'Jk2lMn4bVc6xZa8sDf0gHj';
const START = Date.parse('2026-02-11T09:00:00Z') * 1000;

const read = (raw: string) => arpio.event({ raw, json: JSON.parse(raw) as unknown }) as SourceEvent;

let made = 0;
/** `minute` after the start. */
function event(type: string, minute = 0, more: Partial<ArpioEventFields> & { source?: string } = {}): SourceEvent {
	const { source, ...fields } = more;
	const id = `e${made++}`;
	const { raw } = arpioEvent({ id, micros: START + minute * 60_000_000, access: 'write', type, ...fields });
	return read(source ? raw.replace('"source":"api"', `"source":"${source}"`) : raw);
}

const system = { source: 'system' };
const refused = { result: 'failure', statusCode: 403 };
const begun = event('startApplicationRecovery');
const standing = (...later: SourceEvent[]) => recoveryStanding(begun, later);

it.each([
	['nothing else is known', [], 'running'],
	['it was concluded', [event('concludeApplicationRecovery', 9)], 'concluded'],
	['it was ended', [event('endApplicationRecovery', 9)], 'concluded'],
	['the service says that it is complete', [event('applicationRecoveryCompleted', 9, system)], 'concluded'],
	[
		'the service says that it failed',
		[event('applicationRecoveryFailed', 9, { ...system, result: 'failure' })],
		'failed',
	],
	['it was aborted', [event('abortApplicationRecovery', 9)], 'failed'],
	[
		'a step of the service did not succeed',
		[event('runApplicationRecovery', 9, { ...system, result: 'error' })],
		'failed',
	],
	['nobody was allowed to end it', [event('endApplicationRecovery', 9, refused)], 'running'],
	['the end of another application', [event('endApplicationRecovery', 9, { appId: OTHER })], 'running'],
	['the end of a test in between', [event('endApplicationTest', 9)], 'running'],
	['a failback begins', [event('startApplicationFailback', 9)], 'running'],
	['somebody looked at it only', [event('getEndedRecovery', 9, { access: 'read' })], 'running'],
	['an end before the beginning', [event('endApplicationRecovery', -9)], 'running'],
])('%s', (_what, later, state) => {
	expect(standing(...later)).toMatchObject({
		state,
		inferred: true,
		kind: 'failover',
		applications: [{ id: APP, state }],
	});
});

it('runs again after a failure that somebody retried, and is concluded after all', () => {
	const failed = event('applicationRecoveryFailed', 5, { ...system, result: 'failure' });
	const again = event('startApplicationRecovery', 6);
	const end = event('concludeApplicationRecovery', 30);
	expect(standing(failed, again).state).toBe('running');
	// in whatever order the service lists them
	const all = standing(end, again, failed, begun, again);
	expect(all).toMatchObject({ state: 'concluded', endedAt: end.time, reason: 'concludeApplicationRecovery says so.' });
	expect(all.between.map((one) => [one.event.id, one.phase])).toEqual([
		[failed.id, 'failed'],
		[again.id, 'began'],
		[end.id, 'concluded'],
	]);
});

it('tells what happened in between, of whatever kind, and nothing of what came after the end', () => {
	const settings = event('updateApplication', 3);
	const denied = event('endApplicationRecovery', 4, refused);
	const end = event('endApplicationRecovery', 5);
	const after = event('startApplicationRecovery', 60);
	expect(standing(settings, denied, end, after).between.map((one) => one.phase)).toEqual([
		'other',
		'refused',
		'concluded',
	]);
});

it('is said to have failed, and not only inferred, when the request itself was refused', () => {
	const attempt = event('startApplicationRecovery', 0, refused);
	expect(recoveryStanding(attempt, [event('endApplicationRecovery', 5)])).toMatchObject({
		state: 'failed',
		inferred: false,
		reason: 'startApplicationRecovery did not succeed: failure, status 403.',
		between: [],
	});
});

it.each([
	['startApplicationFailback', 'failback'],
	['startFailBack', 'failback'],
	['failoverApplication', 'failover'],
	['launchRecovery', 'failover'],
	['startTestRecovery', 'dr_test'],
	['testApplication', 'dr_test'],
])('%s begins a %s', (type, kind) => {
	expect(recoveryStanding(event(type), [])).toMatchObject({ state: 'running', kind });
});

it.each([
	['an ordinary change', event('updateApplication'), /is no failover, failback or DR test/],
	['a setting of the sandbox', event('updateNetworkSandbox'), /begins nothing/],
	['an event without an application', { ...begun, json: { ...begun.json, resources: [] } }, /names no application/],
	['resources that are not a list', { ...begun, json: { ...begun.json, resources: 'x' } }, /names no application/],
])('does not know for %s', (_what, given, reason) => {
	const { state, inferred, reason: said } = recoveryStanding(given, []);
	expect({ state, inferred, said }).toEqual({
		state: 'unknown',
		inferred: false,
		said: expect.stringMatching(reason) as string,
	});
});

it('an end tells of itself', () => {
	expect(recoveryStanding(event('concludeApplicationRecovery'), [])).toMatchObject({
		state: 'concluded',
		inferred: true,
	});
});

it('follows each of several applications: one failed, one was recovered', () => {
	const all = arpioEvents.map(read);
	const both = all.find(({ id }) => id === '74pdutYC1mOreM7O9YNBep')!;
	const found = recoveryStanding(both, all);
	expect(found).toMatchObject({
		state: 'failed',
		reason: 'applicationRecoveryFailed says so.',
		applications: [
			{ id: APP, state: 'concluded' },
			{ id: OTHER, state: 'failed' },
		],
	});
	expect(found.between.map((one) => one.event.json['type'])).toEqual([
		'applicationRecoveryFailed',
		'applicationRecoveryCompleted',
	]);
	const first = all.filter(({ time }) => time < found.endedAt!);
	expect(recoveryStanding(both, first).state).toBe('running');
});
