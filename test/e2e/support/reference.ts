/** What should arrive: the providers' own events, and the records as a second destination got them, decoded by generated code. */
import type { Sandbox } from '../../../sandbox/scenario';
import { decodeRequest, type OtlpRecord } from '../../support/otlp';

export const uidOf = ({ attributes }: { attributes: Record<string, unknown> }) =>
	attributes['log.record.uid'] as string;

/** `log.record.uid` → the event's text as the provider sends it. */
export function providerEvents({ arpio, arcus, auditapi }: Sandbox): Map<string, string> {
	const all = { arpio, arcus, auditapi };
	return new Map(
		Object.entries(all).flatMap(([source, { api }]) => api.log.all().map(({ id, raw }) => [`${source}:${id}`, raw])),
	);
}

/** Everything that the sandbox's receiver got, gap records included, by `log.record.uid`. */
export function referenceRecords({ receiver }: Sandbox): Map<string, OtlpRecord> {
	const records = receiver!.requests.flatMap(({ body }) => decodeRequest(body));
	return new Map(records.map((record) => [uidOf(record), record]));
}

/** A second destination in the configuration of a scene, before the sandbox's receiver. */
export function withDestination(...lines: string[]): (yaml: string) => string {
	return (yaml) =>
		yaml.replace(
			'destinations:\n',
			`destinations:\n${lines.map((line, n) => `  ${n ? '  ' : '- '}${line}\n`).join('')}`,
		);
}
