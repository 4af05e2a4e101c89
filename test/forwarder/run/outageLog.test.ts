/** What the log says of a destination that accepts nothing. */
import { setImmediate as turn } from 'node:timers/promises';
import { outageLog } from '../../../forwarder/run/outageLog';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const BEGUN = Date.parse('2026-11-20T12:00:00Z');

function log() {
	const lines: [string, Record<string, unknown>, string][] = [];
	const write = (level: string) => (fields: Record<string, unknown>, text: string) =>
		void lines.push([level, fields, text]);
	const { health, halted } = outageLog({ warn: write('warn'), info: write('info') } as never);
	const whereabouts = { address: 'https://siem.example:4318', waiting: async () => 7 };
	const failing = (at: number, since = BEGUN, message = 'no answer (ECONNREFUSED)') =>
		health('siem', { kind: 'failing', message, since, at }, whereabouts);
	const recovered = async (at: number, since = BEGUN) => {
		health('siem', { kind: 'recovered', since, at }, whereabouts);
		await turn();
	};
	return { lines, failing, recovered, halted };
}

test('one warning when it begins, then more and more rarely, and one line when it is over', async () => {
	const { lines, failing, recovered } = log();
	// what was under way fails at the same moment
	for (let request = 0; request < 4; request++) failing(BEGUN);
	for (let at = BEGUN; at <= BEGUN + 38 * MINUTE; at += SECOND) failing(at);
	await recovered(BEGUN + 38 * MINUTE);
	const takesNothing = 'destination accepts nothing; events wait in the state, nothing is lost';
	const fields = { destination: 'siem', address: 'https://siem.example:4318', error: 'no answer (ECONNREFUSED)' };
	expect(lines).toEqual([
		['warn', fields, takesNothing],
		['warn', { ...fields, forSeconds: 60 }, takesNothing],
		['warn', { ...fields, forSeconds: 360 }, takesNothing],
		['warn', { ...fields, forSeconds: 1260 }, takesNothing],
		[
			'info',
			{ destination: 'siem', address: fields.address, outageSeconds: 2280, waitingRecords: 7 },
			'destination accepts events again',
		],
	]);
});

test('once an hour when it lasts for days', () => {
	const { lines, failing } = log();
	for (let at = BEGUN; at <= BEGUN + 48 * 60 * MINUTE; at += MINUTE) failing(at);
	expect(lines.length).toBeLessThanOrEqual(4 + 48);
});

test('a receiver that comes and goes does not fill the log, and its last recovery is told', async () => {
	const { lines, failing, recovered } = log();
	for (let at = BEGUN; at < BEGUN + 60 * MINUTE; at += 10 * SECOND) {
		failing(at, at);
		await recovered(at + SECOND, at);
	}
	expect(lines.map(([level]) => level)).toEqual(['warn', 'info', 'warn', 'info', 'warn', 'info', 'warn', 'info']);
});

test('after ten quiet minutes it is a new one', async () => {
	const { lines, failing, recovered } = log();
	failing(BEGUN);
	await recovered(BEGUN + SECOND);
	const next = BEGUN + SECOND + 10 * MINUTE;
	failing(next, next);
	failing(next + MINUTE, next);
	expect(lines.filter(([level]) => level === 'warn')).toHaveLength(3);
});

test('a clock that was set back does not silence it', () => {
	const { lines, failing } = log();
	failing(BEGUN);
	failing(BEGUN - 24 * 60 * MINUTE);
	expect(lines).toHaveLength(2);
});

test('one that ends with the destination halted is not said to be over', async () => {
	const { lines, failing, recovered, halted } = log();
	failing(BEGUN);
	halted('siem');
	await recovered(BEGUN + MINUTE);
	expect(lines.map(([level]) => level)).toEqual(['warn']);
});
