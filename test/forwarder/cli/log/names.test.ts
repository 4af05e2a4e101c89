/** What fields are called for machines. */
import { createDaemonLog, createLog } from '../../../../forwarder/cli/log';
import { jsonLine } from '../../../../forwarder/cli/log/names';
import { systemClock } from '../../../../forwarder/waits';

const refused = {
	...{ level: 'error', time: '2026-11-20T12:00:00.000Z', msg: 'poll refused' },
	...{ source: 'dr', error: 'status 401', errorType: '401', status: 401, retryInSeconds: 300 },
};

test("OpenTelemetry's names where it has one, else ours", () => {
	expect(JSON.parse(jsonLine(refused, 'otel'))).toEqual({
		...{ level: 'error', time: '2026-11-20T12:00:00.000Z', msg: 'poll refused' },
		'audit_relay.source': 'dr',
		'exception.message': 'status 401',
		'error.type': '401',
		'http.response.status_code': 401,
		'audit_relay.retry_in_seconds': 300,
	});
});

test('those of the Elastic Common Schema', () => {
	expect(JSON.parse(jsonLine(refused, 'ecs'))).toEqual({
		...{ '@timestamp': '2026-11-20T12:00:00.000Z', 'log.level': 'error', message: 'poll refused' },
		...{ 'ecs.version': '8.17.0', 'service.name': 'audit-relay' },
		'audit_relay.source': 'dr',
		'error.message': 'status 401',
		'error.type': '401',
		'http.response.status_code': 401,
		'audit_relay.retry_in_seconds': 300,
	});
});

test('what is inside of an object stands beside it', () => {
	const started = { level: 'info', time: '', msg: 'started', state: { database: 'audit_relay', worker: 'a-1' } };
	expect(JSON.parse(jsonLine(started, 'otel'))).toMatchObject({
		'audit_relay.state.database': 'audit_relay',
		'service.instance.id': 'a-1',
	});
	const failed = { level: 'error', time: '', msg: 'x', err: { type: 'RangeError', message: 'no', stack: 'at' } };
	expect(JSON.parse(jsonLine(failed, 'otel'))).toMatchObject({
		'exception.type': 'RangeError',
		'exception.message': 'no',
		'exception.stacktrace': 'at',
	});
});

function written(env: Record<string, string>, create: typeof createDaemonLog): Record<string, unknown>[] {
	let text = '';
	const { log, end } = create({ stderr: { write: (part) => (text += part) }, env, clock: systemClock });
	log.info({ source: 'a', events: 1 }, 'new events');
	log.info({ source: 'b', events: 1 }, 'new events');
	end();
	return text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('which names, the environment says', () => {
	expect(written({ AUDIT_RELAY_LOG_FORMAT: 'ecs' }, createDaemonLog)[0]).toMatchObject({ message: 'new events' });
	const [first, second] = written({ AUDIT_RELAY_LOG_FORMAT: 'xml' }, createDaemonLog);
	expect(first!['msg']).toBe('AUDIT_RELAY_LOG_FORMAT: "xml" is not known, so the format is otel. Known: otel, ecs');
	expect(second).toMatchObject({ 'audit_relay.source': 'a' });
});

test('a daemon counts what is alike, at debug and in single passes each line is written', () => {
	const each = ['a', 'b'].map((source) => ({ 'audit_relay.source': source }) as object);
	expect(written({}, createDaemonLog)).toMatchObject([each[0], { 'audit_relay.sources': 1, 'audit_relay.events': 1 }]);
	expect(written({ AUDIT_RELAY_LOG_LEVEL: 'debug' }, createDaemonLog)).toMatchObject(each);
	expect(written({}, (io) => ({ log: createLog(io), also: () => undefined, end: () => undefined }))).toMatchObject(
		each,
	);
});
