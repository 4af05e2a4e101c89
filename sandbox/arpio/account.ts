/** The read endpoints around the audit feed, answered from fixtures. */
import { json, jsonText, type Call, type SimReply } from '../api';
import { arpioAccess, arpioApplications, arpioIssues, arpioRecoveryPoints, arpioResources } from '../fixtures';
import { member, replaced } from '../rawJson';
import { parseMicros } from '../time';
import type { ArpioSwitches } from './switches';

/** `rest` are the path segments after the account id. */
export function accountEndpoint(call: Call, rest: readonly string[], switches: ArpioSwitches): SimReply {
	const [collection, ...path] = rest;
	switch (collection) {
		case 'applications':
			return applications(call, path, switches);
		case 'syncPairs':
			return syncPair(call, path.slice(4));
		default:
			return notFound();
	}
}

export function notFound(): SimReply {
	return json(404, { message: 'Not found' });
}

function applications(call: Call, path: readonly string[], switches: ArpioSwitches): SimReply {
	if (path.length === 0) {
		const list = `[${arpioApplications.map((text) => shaped(text, switches)).join(',')}]`;
		return jsonText(200, switches.applications === 'array' ? list : `{"${switches.applications}":${list}}`);
	}
	const [appId, part, ...more] = path;
	const application = arpioApplications.find((text) => JSON.parse(member(text, 'appId') ?? 'null') === appId);
	if (!application) return notFound();
	if (part === 'resourceStatusChanges' && more.length === 1) return statusChanges(call, more[0]!);
	if (more.length > 0) return notFound();
	if (part === undefined) return jsonText(200, shaped(application, switches));
	if (part === 'resources') return jsonText(200, `{"resources":[${arpioResources.join(',')}]}`);
	if (part === 'issues') return jsonText(200, `[${arpioIssues.join(',')}]`);
	return notFound();
}

/** The fields of a change are not published: these are made up, two to a page. */
function statusChanges(call: Call, scope: string): SimReply {
	if (scope !== 'restore' && scope !== 'backup') return notFound();
	const resources = arpioResources.map((text) => JSON.parse(text) as Record<string, unknown>);
	const changes = resources.flatMap(({ arn, type, [`${scope}Status`]: status }) =>
		status ? [{ arn, type, ...(status as object) }] : [],
	);
	const sent = call.query.get('nextToken');
	const from = sent ? Number(Buffer.from(sent, 'base64url').toString()) : 0;
	if (!Number.isInteger(from)) return json(400, { message: 'nextToken is invalid or has expired' });
	const nextToken = from + 2 < changes.length && Buffer.from(String(from + 2)).toString('base64url');
	return json(200, { resourceStatusChanges: changes.slice(from, from + 2), ...(nextToken && { nextToken }) });
}

function syncPair(call: Call, path: readonly string[]): SimReply {
	const [part, id] = path;
	if (part === 'access' && id === undefined) return jsonText(200, arpioAccess[0]!);
	if (part !== 'recoveryPoints') return notFound();
	if (id !== undefined) {
		const point = arpioRecoveryPoints.find((text) => member(text, 'recoveryPointId') === JSON.stringify(id));
		return point ? jsonText(200, point) : notFound();
	}
	const start = parseMicros(call.query.get('timestampStart') ?? '') ?? Number.NEGATIVE_INFINITY;
	const end = parseMicros(call.query.get('timestampEnd') ?? '') ?? Number.POSITIVE_INFINITY;
	const within = arpioRecoveryPoints.filter((text) => {
		const micros = parseMicros(JSON.parse(member(text, 'timestamp')!) as string)!;
		return micros >= start && micros <= end;
	});
	return jsonText(200, `[${within.join(',')}]`);
}

function shaped(application: string, switches: ArpioSwitches): string {
	if (switches.applicationIdKey === 'appId') return application;
	const id = member(application, 'appId')!;
	return replaced(application, 'appId', id).replace('"appId":', '"id":');
}
