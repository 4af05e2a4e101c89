/** /metrics as Prometheus reads it. */
import { readFileSync } from 'node:fs';
import type { Snapshot } from '../../../forwarder/run/snapshot';
import { cpuMs } from '../../support/cpu';
import { DETAILED, FEW, serving } from './serving';
import { counts, destination, snapshot, stream, worker } from './support';

async function linesOf(given: Snapshot, metrics = DETAILED): Promise<string[]> {
	const { get, close } = serving(() => given, {}, metrics);
	const { body } = await get('/metrics');
	await close();
	return body.split('\n');
}

const stored = {
	lastVerdict: 'broken' as const,
	name: 'dr',
	shipped: 18,
	waiting: 2,
	waitingBytes: 4096,
	deadLetters: 1,
	doubtful: 1,
	gaps: 3,
	gapReasons: { collection_start: 1, retention: 2 },
};

test('every value of a stream and a destination, under its Prometheus name', async () => {
	const live = { requests: 7, rateLimitedMs: 62_000, pausedMs: 1500, lastSuccessAgeMs: 4200, lastEventAgeMs: 9000 };
	const failure = { kind: 'refused' as const, message: 'no', waitMs: 1, sinceMs: 1, atMs: 1 };
	const given = snapshot({
		streams: [
			stream({
				...live,
				stored,
				openGaps: 2,
				oldestUnacknowledgedMs: 61_000,
				counts: counts({ failure, skewMs: -250 }),
			}),
		],
		destinations: [
			destination({ state: 'halted', inFlight: 4, consecutiveFailures: 9, waiting: 2, deadLetters: 1, doubtful: 1 }),
		],
		writeFailure: { at: 1, message: 'full' },
	});
	expect(await linesOf(given)).toEqual(
		expect.arrayContaining([
			'audit_relay_source_watermark_lag_seconds{source="dr"} 600',
			'audit_relay_source_last_success_age_seconds{source="dr"} 4.2',
			'audit_relay_source_last_event_age_seconds{source="dr"} 9',
			'audit_relay_source_oldest_unacknowledged_age_seconds{source="dr"} 61',
			'audit_relay_source_state{source="dr"} 3',
			'audit_relay_source_verify_verdict{source="dr"} 2',
			'audit_relay_source_verify_open{source="dr"} 1',
			'audit_relay_source_gaps_open{source="dr"} 2',
			'audit_relay_source_polls_total{source="dr",outcome="succeeded"} 3',
			'audit_relay_source_events_read_total{source="dr"} 20',
			'audit_relay_source_events_fresh_total{source="dr"} 17',
			'audit_relay_source_events_dropped_total{source="dr"} 2',
			'audit_relay_source_events_invalid_total{source="dr"} 1',
			'audit_relay_source_records_shipped_total{source="dr"} 18',
			'audit_relay_source_outbox_records{source="dr"} 2',
			'audit_relay_source_outbox_size_bytes{source="dr"} 4096',
			'audit_relay_source_in_flight{source="dr"} 1',
			'audit_relay_source_dead_letters{source="dr"} 1',
			'audit_relay_source_dead_letters_doubtful{source="dr"} 1',
			'audit_relay_source_gaps_total{source="dr",reason="collection_start"} 1',
			'audit_relay_source_gaps_total{source="dr",reason="retention"} 2',
			'audit_relay_source_gaps_total{source="dr",reason="chain_break"} 0',
			'audit_relay_source_positions_rejected_total{source="dr"} 0',
			'audit_relay_source_clock_skew_seconds{source="dr"} -0.25',
			'audit_relay_source_requests_total{source="dr"} 7',
			'audit_relay_source_rate_limited_seconds_total{source="dr"} 62',
			'audit_relay_source_pause_remaining_seconds{source="dr"} 1.5',
			'audit_relay_destination_state{destination="siem"} 2',
			'audit_relay_destination_records_shipped_total{destination="siem"} 18',
			'audit_relay_destination_oldest_unacknowledged_age_seconds{destination="siem"} 0',
			'audit_relay_destination_outbox_records{destination="siem"} 2',
			'audit_relay_destination_in_flight{destination="siem"} 4',
			'audit_relay_destination_consecutive_failures{destination="siem"} 9',
			'audit_relay_destination_dead_letters{destination="siem"} 1',
			'audit_relay_destination_dead_letters_doubtful{destination="siem"} 1',
			'audit_relay_ready 0',
			'audit_relay_problems{severity="not_ready"} 3',
			'audit_relay_problems{severity="degraded"} 0',
			'audit_relay_store_writable 0',
			'audit_relay_outbox_full 0',
		]),
	);
});

test('of each source what alerts need, unless more is asked for; the rest is added up by provider', async () => {
	const streams = [stream({ name: 'a', provider: 'arpio' }), stream({ name: 'b', provider: 'arpio' })];
	const lines = await linesOf(snapshot({ streams }), FEW);
	const ofA = lines.filter((line) => line.includes('source="a"')).map((line) => line.replace(/\{.*/, ''));
	expect(ofA).toEqual([
		'audit_relay_source_watermark_lag_seconds',
		'audit_relay_source_oldest_unacknowledged_age_seconds',
		'audit_relay_source_state',
		'audit_relay_source_verify_open',
		'audit_relay_source_events_fresh_total',
		'audit_relay_source_dead_letters',
		'audit_relay_source_gaps_open',
	]);
	expect(lines).toContain('audit_relay_provider_events_read_total{provider="arpio"} 40');
	expect(lines).toContain('audit_relay_provider_polls_total{provider="arpio",outcome="succeeded"} 6');
});

test('more and less of each source, as it is wanted while the process runs', async () => {
	const wanted = { ...FEW };
	const { monitor, get, close } = serving(() => snapshot(), {}, wanted);
	const told = async () => {
		const { body } = await get('/metrics');
		return ['source_polls_total', 'source_poll_duration_seconds_count', 'source_state'].filter((name) =>
			body.includes(`audit_relay_${name}{source="dr"`),
		);
	};
	expect(await told()).toEqual(['source_state']);
	wanted.bySource = true;
	monitor.report.pollSucceeded!('dr', 700);
	expect(await told()).toEqual(['source_polls_total', 'source_poll_duration_seconds_count', 'source_state']);
	wanted.bySource = false;
	expect(await told()).toEqual(['source_state']);
	await close();
});

test('500 sources: at most 300 kB, made in at most 60 ms', async () => {
	const streams = Array.from({ length: 500 }, (_, at) =>
		stream({
			...{ name: `tenant-${String(at).padStart(4, '0')}`, stored, lastSuccessAgeMs: 31_234, lastEventAgeMs: 31_234 },
			...{ watermarkLagMs: 601_234, counts: counts({ read: 1_234_567, fresh: 1_234_567, skewMs: -250 }) },
		}),
	);
	const { get, close } = serving(() => snapshot({ streams }), {}, FEW);
	await get('/metrics');
	let bytes = 0;
	const spent = [];
	for (let scrape = 0; scrape < 5; scrape++)
		spent.push(await cpuMs(async () => (bytes = Buffer.byteLength((await get('/metrics')).body))));
	expect(bytes).toBeLessThan(300_000);
	// the least of some: what else the machine does is not counted, what the collector of garbage does is
	expect(Math.min(...spent)).toBeLessThan(60);
	await close();
});

test('a source that leaves takes nothing away from the sum of its provider, and counts on when it is back', async () => {
	const a = (read: number) => stream({ name: 'a', counts: counts({ read }) });
	const b = stream({ name: 'b', counts: counts({ read: 100 }) });
	let streams = [a(10), b];
	const { get, close } = serving(() => snapshot({ streams }), {}, FEW);
	const sum = async () =>
		/^audit_relay_provider_events_read_total\{.*\} (\d+)$/m.exec((await get('/metrics')).body)![1];
	expect(await sum()).toBe('110');
	streams = [b];
	expect(await sum()).toBe('110');
	streams = [a(12), b];
	expect(await sum()).toBe('112');
	// begun anew
	streams = [a(3), b];
	expect(await sum()).toBe('115');
	await close();
});

test('requests are timed and measured, by provider and destination', async () => {
	const { monitor, get, close } = serving(() => snapshot(), {}, FEW);
	monitor.report.requested!({ to: 'provider', name: 'arpio', tookMs: 120, status: 200, bytes: 5000 });
	monitor.report.requested!({ to: 'provider', name: 'arpio', tookMs: 30_500 });
	monitor.report.requested!({ to: 'destination', name: 'siem', tookMs: 80, status: 503, bytes: 900 });
	const { body } = await get('/metrics');
	for (const line of [
		'audit_relay_provider_request_duration_seconds_bucket{provider="arpio",answer="2xx",le="0.25"} 1',
		'audit_relay_provider_request_duration_seconds_count{provider="arpio",answer="none"} 1',
		'audit_relay_provider_response_size_bytes_sum{provider="arpio"} 5000',
		'audit_relay_destination_request_duration_seconds_sum{destination="siem",answer="5xx"} 0.08',
		'audit_relay_destination_request_size_bytes_bucket{destination="siem",le="1024"} 1',
	])
		expect(body).toContain(`${line}\n`);
	await close();
});

test('what the process takes, under the names that dashboards know', async () => {
	const lines = await linesOf(snapshot(), FEW);
	const value = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))!.split(' ')[1]);
	expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
	expect(value('process_resident_memory_bytes')).toBeGreaterThan(value('nodejs_heap_size_used_bytes'));
	expect(Math.abs(value('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(3600);
	expect(value('process_open_fds')).toBeGreaterThan(2);
	expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
});

test('names without units are there too, where they are asked for', async () => {
	const lines = await linesOf(snapshot(), { bySource: true, formerNames: true });
	const described = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]);
	expect(new Set(described).size).toBe(described.length);
	expect(lines).toContain('audit_relay_source_watermark_lag{source="dr"} 600');
	expect(lines).toContain('audit_relay_source_watermark_lag_seconds{source="dr"} 600');
	expect(described).not.toContain('process_cpu_total');
});

test('what is not known has no value, instead of a wrong one', async () => {
	const lines = await linesOf(snapshot({ streams: [stream({ watermarkLagMs: undefined, counts: counts() })] }));
	expect(lines.filter((line) => /^audit_relay_source_(watermark_lag|last_|clock_skew)/.test(line))).toEqual([]);
});

test('polls are timed', async () => {
	const { monitor, get, close } = serving(() => snapshot());
	monitor.report.pollSucceeded!('dr', 700);
	monitor.report.pollFailed!('dr', { kind: 'transient', message: 'no', waitMs: 1 }, 40_000);
	const { body } = await get('/metrics');
	expect(body).toContain('audit_relay_source_poll_duration_seconds_bucket{source="dr",le="0.5"} 0\n');
	expect(body).toContain('audit_relay_source_poll_duration_seconds_bucket{source="dr",le="1"} 1\n');
	expect(body).toContain('audit_relay_source_poll_duration_seconds_count{source="dr"} 2\n');
	expect(body).toContain('audit_relay_source_poll_duration_seconds_sum{source="dr"} 40.7\n');
	await close();
});

test('the text is well-formed: one HELP and TYPE for each metric, before its values, and no value twice', async () => {
	const lines = await linesOf(snapshot({ streams: [stream(), stream({ name: 'a"b\\c' })] }));
	const described = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]);
	expect(new Set(described).size).toBe(described.length);
	const values = lines.filter((line) => line && !line.startsWith('#'));
	expect(new Set(values.map((line) => line.replace(/ \S+$/, ''))).size).toBe(values.length);
	for (const line of values) expect(line).toMatch(/^[a-z_\d]+(\{([a-z_]+="(\\.|[^"\\])*",?)+\})? -?[\d.e+-]+$/);
	expect(lines).toContain('audit_relay_source_state{source="a\\"b\\\\c"} 0');
	expect(lines[2]).toMatch(/^target_info\{service_name="audit-relay",service_version="1\.2\.3",/);
});

test('the resource has what OTEL_RESOURCE_ATTRIBUTES gives, but its own name', async () => {
	const { get, close } = serving(() => snapshot(), { 'deployment.environment.name': 'test', 'service.name': 'other' });
	const { body } = await get('/metrics');
	expect(body).toMatch(/^target_info\{.*deployment_environment_name="test"/m);
	expect(body).toMatch(/^target_info\{.*service_name="audit-relay"/m);
	await close();
});

test('more streams than the SDK takes by itself are all there', async () => {
	const streams = Array.from({ length: 2500 }, (_, index) => stream({ name: `s${index}` }));
	const lines = await linesOf(snapshot({ streams }));
	expect(lines.filter((line) => line.startsWith('audit_relay_source_watermark_lag_seconds{'))).toHaveLength(2500);
	expect(lines.filter((line) => line.includes('otel_metric_overflow'))).toEqual([]);
});

test('whoever asks while metrics are collected gets the same answer; the next one gets new values', async () => {
	let looks = 0;
	const { get, close } = serving(() => {
		looks++;
		return snapshot({ streams: [stream({ requests: looks })] });
	});
	const [one, other] = await Promise.all([get('/metrics'), get('/metrics')]);
	expect(other.body).toBe(one.body);
	expect((await get('/metrics')).body).toContain('audit_relay_source_requests_total{source="dr"} 2');
	await close();
});

test('what a worker of a cluster is asked for', async () => {
	expect(await linesOf(snapshot({ worker: worker() }))).toEqual(
		expect.arrayContaining([
			'audit_relay_worker_shards 22',
			'audit_relay_worker_peers 3',
			'audit_relay_worker_beat_age_seconds 0.4',
			'audit_relay_shards_unowned 0',
			'audit_relay_shard_takeovers_total{reason="free"} 21',
			'audit_relay_shard_takeovers_total{reason="dead"} 1',
			'audit_relay_shard_takeovers_total{reason="again"} 0',
			'audit_relay_commits_refused_total 2',
			'audit_relay_state_connections 3',
			'audit_relay_state_roundtrip_seconds_count 2',
			'audit_relay_outbox_slots_in_use 2',
			'audit_relay_ledger_days_ahead 7',
		]),
	);
	const away = await linesOf(snapshot({ worker: worker({ partitions: undefined, beatAgeMs: undefined }) }));
	expect(away.filter((line) => /^audit_relay_(outbox_slots|ledger_days|worker_beat)/.test(line))).toEqual([]);
});

test('a state that cannot be read is an error, not an empty answer', async () => {
	let broken = true;
	const { get, close } = serving(() => {
		if (broken) throw new Error('disk I/O error');
		return snapshot();
	});
	await expect(get('/metrics')).rejects.toThrow('disk I/O error');
	broken = false;
	expect((await get('/metrics')).body).toContain('audit_relay_ready 1');
	await close();
});

test('readyz names each failed rule; livez fails only when the process must end', async () => {
	const { get, monitor, close } = serving(() => snapshot({ destinations: [destination({ state: 'halted' })] }));
	expect(await get('/readyz')).toMatchObject({ status: 503, type: 'application/json; charset=utf-8' });
	expect(JSON.parse((await get('/readyz')).body)).toEqual({
		status: 'not_ready',
		problems: [
			{
				rule: 'destination_halted',
				severity: 'not_ready',
				destination: 'siem',
				since: '2026-11-20T11:00:00Z',
				message: 'no answer yet',
			},
		],
	});
	expect(await get('/livez')).toMatchObject({ status: 200, body: 'ok\n' });
	monitor.report.pollFailed!('dr', { kind: 'fatal', message: 'another process owns the state now', waitMs: 0 }, 1);
	expect(await get('/livez')).toMatchObject({ status: 503, body: 'another process owns the state now\n' });
	await close();
});

test('whoever is not known is told by readyz what is wrong, and of whom not', async () => {
	const { get, close } = serving(() => snapshot({ destinations: [destination({ state: 'halted' })] }));
	const { status, body } = await get('/readyz', 'none');
	expect([status, JSON.parse(body)]).toEqual([
		503,
		{
			status: 'not_ready',
			problems: [{ rule: 'destination_halted', severity: 'not_ready', since: '2026-11-20T11:00:00Z' }],
		},
	]);
	await close();
});

test('docs/operations.md lists exactly these metrics', async () => {
	const { monitor, get, close } = serving(() =>
		snapshot({
			worker: worker(),
			notifications: [{ name: 'ops', sent: 1, failed: 0 }],
			streams: [stream({ stored, lastSuccessAgeMs: 1, lastEventAgeMs: 1, counts: counts({ skewMs: 1 }) })],
		}),
	);
	monitor.report.pollSucceeded!('dr', 1);
	for (const to of ['provider', 'destination'] as const)
		monitor.report.requested!({ to, name: 'x', tookMs: 1, status: 200, bytes: 1 });
	const served = [...(await get('/metrics')).body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
	const rows = readFileSync('docs/operations.md', 'utf8').matchAll(
		/^- \*\*`((?:audit_relay|target|process|nodejs)_\w+)`\*\*/gm,
	);
	expect([...rows].map(([, name]) => name).sort()).toEqual(served.sort());
	await close();
});
