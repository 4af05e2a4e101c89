/** The words that everybody is told who looks: those of `check`, without what may be a secret. */
import { RequestError } from '../../../core/http/failure';
import { advisedCounts, destinationError } from '../../../forwarder/run/advised';
import type { Failing } from '../../../forwarder/run/monitor';
import { counts } from '../server/support';
import { siem, source } from './configured';

const at = 5;

test('a refused key: where the key is that is used', () => {
	const error = new RequestError({ kind: 'http', method: 'GET', path: '/api/auditEvents', status: 401 });
	const failing: Failing = { kind: 'refused', message: 'said', fix: 'general', waitMs: 1, sinceMs: 1, atMs: at, error };
	const told = advisedCounts(counts({ failure: failing, background: { backfill: failing } }), source, {});
	const advice = {
		message: 'GET /api/auditEvents: status 401',
		fix: 'The key is not accepted: check the environment variable ARPIO_API_KEY',
	};
	expect(told).toMatchObject({ failure: { ...advice, atMs: at, error }, background: { backfill: advice } });
	const well = counts();
	expect(advisedCounts(well, source, {})).toBe(well);
});

test('what is no failure of a request is told as it is', () => {
	const failing: Failing = { kind: 'transient', message: 'a bug', waitMs: 1, sinceMs: 1, atMs: at };
	expect(advisedCounts(counts({ failure: failing }), source, {}).failure).toBe(failing);
});

test('a destination that refuses, one that is unreachable, and one that works again', () => {
	const error = (state: 'halted' | 'failing' | 'ok', message: string, env = {}) =>
		destinationError({ state, lastError: { at, message } }, siem, env);
	expect(error('halted', 'status 401')).toEqual({
		...{ at, message: 'status 401' },
		fix: 'The key is missing or not accepted (headers from: file /run/secrets/siem)',
	});
	expect(error('failing', 'no answer (ECONNREFUSED)')).toEqual({
		...{ at, message: expect.stringContaining('no answer (ECONNREFUSED): ') as string },
		fix: 'Check that https://siem.example/… is right and runs; proxies: HTTPS_PROXY',
	});
	expect(error('failing', 'no answer (ETIMEDOUT)', { https_proxy: 'http://user:canary@proxy:3128' })?.fix).toBe(
		'It was asked through the proxy http://proxy:3128 (https_proxy): check that, or name the host in NO_PROXY',
	);
	expect(error('ok', 'status 503')).toEqual({ at, message: 'status 503' });
	expect(destinationError({ state: 'halted' }, siem, {})).toBeUndefined();
});

test('an address is told without its path, which may be a password', () => {
	const hook = { ...siem, endpoint: 'https://collector.example/hooks/canary' };
	for (const [state, message] of [
		['halted', 'status 404'],
		['halted', 'something else'],
		['failing', 'no answer (ECONNREFUSED)'],
	] as const) {
		const told = destinationError({ state, lastError: { at, message } }, hook, {});
		expect(JSON.stringify(told)).toContain('https://collector.example/…');
		expect(JSON.stringify(told)).not.toContain('canary');
	}
});
