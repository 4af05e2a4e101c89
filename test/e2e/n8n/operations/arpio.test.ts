/** Every operation of the Arpio node in a real n8n, compared with what the simulated Arpio holds. */
import { arpioApplications, arpioIssues, arpioRecoveryPoints, arpioResources } from '../../../../sandbox/fixtures';
import type { Run } from '../support/run';
import { scene } from '../support/scene';
import { node } from '../support/workflow';
import { action, eventsOf, picked } from './action';

const real = scene();

const APP = 'Zt5wQe8rUy1iOp3aSd6fGh';
const application = picked(APP);
const exact = { returnAll: true, simplify: false };
const parsed = (texts: readonly string[]) => texts.map((text) => JSON.parse(text) as Record<string, unknown>);
/** Every event, with the names of its applications. */
const told = () =>
	eventsOf(real.sandbox.arpio.api).map((event) => {
		const { resources } = event as { resources?: { type: string; id: string }[] };
		return resources ? { ...event, resources: resources.map((one) => ({ ...one, ...nameOf(one) })) } : event;
	});
const nameOf = ({ type, id }: { type: string; id: string }) => {
	const known = parsed(arpioApplications).find(({ appId }) => type === 'application' && appId === id);
	return known && { name: known['name'] };
};
const events = (name: string, parameters: Record<string, unknown>) =>
	action(name, 'arpio', 'auditEvent.getAll', parameters);

const byItself = { ...exact, environments: 'manual' };
const pair = {
	sourceAwsAccountId: '111122223333',
	sourceRegion: 'eu-central-1',
	targetAwsAccountId: '444455556666',
	targetRegion: 'ap-northeast-1',
};

let run: Run;

beforeAll(async () => {
	run = await real.run([
		events('Everything', { ...exact, options: { includeRaw: true } }),
		events('Small Pages', { ...exact, options: { pageSize: 3 } }),
		[
			events('Files', { ...exact, output: 'ndjson', eventsPerFile: 10 }),
			node('Text', 'n8n-nodes-base.extractFromFile', {
				...{ operation: 'text', binaryPropertyName: 'data', destinationKey: 'text', options: {} },
			}),
		],
		events('Two', { returnAll: false, limit: 2 }),
		events('Failed Writes', { ...exact, filters: { access: 'write', result: 'failure' } }),
		events('Failover', { returnAll: true, filters: { categories: ['failover', 'failback'] } }),
		events('Tests', { ...exact, filters: { type: 'startApplicationTest', application: picked(APP) } }),
		events('A While', {
			...exact,
			filters: { createdAfter: '2026-02-11T09:14:05.990017Z', createdBefore: '2026-02-11T09:14:07Z' },
		}),
		action('Application', 'arpio', 'application.get', { application, simplify: false }),
		action('Application in Short', 'arpio', 'application.get', { application }),
		action('Applications', 'arpio', 'application.getAll', exact),
		action('One Application', 'arpio', 'application.getAll', { returnAll: false, limit: 1 }),
		action('Resources', 'arpio', 'application.getResources', { application, ...exact }),
		action('Kubernetes', 'arpio', 'application.getResources', {
			application,
			returnAll: true,
			filters: { type: 'k8sResource' },
		}),
		action('Issues', 'arpio', 'application.getIssues', { application, returnAll: true }),
		action('Status Changes', 'arpio', 'application.getStatusChanges', {
			application,
			scope: 'backup',
			returnAll: true,
		}),
		action('Point', 'arpio', 'recoveryPoint.get', { application, recoveryPointId: 'hp5HT0VMBLAUJHxE4zIKeD' }),
		action('Recovery', 'arpio', 'recovery.getStatus', {
			eventId: '74pdutYC1mOreM7O9YNBep',
			eventTime: '2026-02-11T09:14:07Z',
		}),
		action('Points of Application', 'arpio', 'recoveryPoint.getAll', { application, returnAll: true }),
		action('Kept Points', 'arpio', 'recoveryPoint.getAll', {
			...byItself,
			...pair,
			filters: { protectedOnly: true, createdAfter: '2026-02-11T08:00:00Z', createdBefore: '2026-02-11T09:00:00Z' },
		}),
	]);
});

it('runs through', () => expect(run.error).toBeUndefined());

it('returns every event as it is but for the names of applications, and its text to the byte', () => {
	const rows = run.json('Everything');
	expect(rows.map(({ raw: _raw, ...event }) => event)).toEqual(told());
	expect(rows.map(({ raw }) => raw)).toEqual(real.sandbox.arpio.api.log.all().map(({ raw }) => raw));
	expect(rows.length).toBeGreaterThan(9);
});

it('follows continuation tokens to the end', () => {
	expect(run.json('Small Pages')).toEqual(told());
	const pages = real.sandbox.arpio.server.requests.filter(({ url }) => url.includes('pageSize=3'));
	expect(pages.length).toBeGreaterThan(3);
});

it('gives files of so many events, each a line as its item would be', () => {
	const all = told();
	expect(run.json('Files').map(({ fileName, events: count }) => [fileName, count])).toEqual([
		['auditEvent-1.ndjson', 10],
		['auditEvent-2.ndjson', all.length - 10],
	]);
	const lines = run.json('Text').flatMap(({ text }) => (text as string).trimEnd().split('\n'));
	expect(parsed(lines)).toEqual(all);
});

it('asks for no more than the limit', () => {
	const all = told();
	expect(run.json('Two').map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ eventId }) => eventId));
	expect(real.sandbox.arpio.server.requests.filter(({ url }) => url.includes('pageSize=2'))).toHaveLength(1);
});

it('simplifies to the same twelve fields for every event', () => {
	expect(run.json('Two')[1]).toEqual({
		id: 'd4rJV68yEyxJw3sBlLlC8P',
		time: '2026-02-11T08:15:40.000921Z',
		action: 'updateApplication',
		category: 'config',
		alert: 'none',
		severity: 'INFO',
		severityNumber: 9,
		source: 'arpio',
		outcome: 'success',
		actor: 'U3vB6nM9qW2eR5tY8uI1oP',
		target: 'application Checkout – Zürich ☁️',
		message: `https://api.arpio.io/api/accounts/q7RkT2mZpX0vLd9sYbNc4H/applications/${APP}`,
	});
});

it('applies every filter', () => {
	const all = told();
	const failedWrites = all.filter(({ access, result }) => access === 'write' && result !== 'success');
	expect(failedWrites.length).toBeGreaterThan(0);
	expect(run.json('Failed Writes')).toEqual(failedWrites);
	const drills = all.filter(({ type }) => type === 'startApplicationTest');
	expect(drills.length).toBeGreaterThan(0);
	expect(run.json('Tests')).toEqual(drills);
	expect(run.json('A While').map(({ timestamp }) => timestamp)).toEqual([
		'2026-02-11T09:14:05.990017Z',
		'2026-02-11T09:14:07Z',
	]);
	const categories = run.json('Failover').map(({ category }) => category);
	expect(new Set(categories)).toEqual(new Set(['failover', 'failback']));
});

it('returns applications whole and in short', () => {
	const all = parsed(arpioApplications);
	const [checkout] = all;
	expect(run.json('Applications')).toEqual(all);
	expect(run.json('Application')).toEqual([checkout]);
	expect(run.json('One Application')).toHaveLength(1);
	expect(run.json('Application in Short')).toEqual([
		{
			...Object.fromEntries(
				['appId', 'name', 'type', 'syncPhase', 'rpo', 'createdAt'].map((key) => [key, checkout![key]]),
			),
			source: '111122223333 eu-central-1',
			target: '444455556666 ap-northeast-1',
		},
	]);
});

it('returns resources and issues of an application', () => {
	expect(run.json('Resources')).toEqual(parsed(arpioResources));
	expect(run.json('Kubernetes')).toEqual([
		expect.objectContaining({ type: 'k8sResource', arn: parsed(arpioResources)[2]!['arn'] }),
	]);
	expect(run.json('Issues')).toEqual(parsed(arpioIssues).map(({ issue }) => issue));
});

it('returns status changes and one recovery point', () => {
	expect(run.json('Status Changes').map(({ state }) => state)).toEqual(['ok', 'failed', 'ok']);
	expect(run.json('Point')).toEqual([parsed(arpioRecoveryPoints)[1]]);
});

it('says how a recovery stands', () => {
	expect(run.json('Recovery')).toMatchObject([
		{ state: 'failed', inferred: true, applications: [{ state: 'concluded' }, { name: 'Ledger', state: 'failed' }] },
	]);
});

it('returns recovery points of an application or of a pair of environments', () => {
	const points = parsed(arpioRecoveryPoints);
	expect(run.json('Points of Application')).toEqual(points);
	expect(run.json('Kept Points')).toEqual(points.filter((point) => point['protected']));
});
