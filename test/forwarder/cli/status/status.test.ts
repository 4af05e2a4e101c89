/** What status says of a state that a process owns, with something of everything that waits for a person. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addStatus } from '../../../../forwarder/cli/status/status';
import type { Store } from '../../../../forwarder/store/contract';
import { fromMillis } from '../../../../core/time';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { event } from '../../store/conformance';
import { runCli } from '../runCli';
import { streamOf } from '../../../support/streamOf';

let file: StateFile;
let store: Store;
const folder = () => join(file.path, '..');
beforeEach(async () => {
	const now = Date.now();
	file = stateFile(() => now);
	store = file.open();
	writeFileSync(
		join(folder(), 'audit-relay.yaml'),
		`state: { path: state.db }\nsources: [{ name: dr }]\ndestinations: [{ name: siem }]\n`,
	);
	const dr = streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem', 'old-siem'] });
	const [from, invalid] = [fromMillis(now), [{ id: 'x', raw: '{', reason: 'cut' }]];
	await dr.commit({ start: 1n, watermark: from, gaps: [{ reason: 'collection_start', to: from, detail: 'begins' }] });
	await dr.commit({ fresh: [event('a', 1n), event('b', 2n)], invalid });
	await dr.commit({ gaps: [{ reason: 'retention', from, detail: 'gone' }] });
	await store.notePoll('dr');
	streamOf(store, { name: 'removed', fingerprint: 'f', destinations: ['siem'] });
	await store.notePoll('removed', 'status 500');
	await store.verdicts({ name: 'dr', destinations: ['siem'] }).note({ verdict: 'broken', findings: [] }, [], ['x']);
});
afterEach(() => file.remove());

const status = (...args: string[]) =>
	runCli(['status', ...args], { cwd: folder(), env: { NO_COLOR: '1' }, tty: true, columns: 80 }, [addStatus]);

test('says who runs, counts records, knows what is no longer configured, and lists what needs attention', async () => {
	const { out } = await status();
	const lines = out.split('\n');
	expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
	expect(lines[0]).toMatch(new RegExp(`^Running: process ${process.pid}, since `));
	// two events, two gaps and a verdict for two destinations, and the verdict for one only
	expect(out).toMatch(/^dr +ok, \d+s ago +\d+s ago +0 +9 +1 +1 +broken$/m);
	expect(out).toMatch(/^removed +not configured +- +0 +0 +0 +0 +-$/m);
	expect(out).toMatch(/^siem +not tried yet +0 +5 +\d+s +0$/m);
	expect(out).toMatch(/^old-siem +not configured +0 +4 +\d+s +0$/m);
	const told = out.slice(out.indexOf('Needs attention')).replace(/\s+/g, ' ');
	expect(told).toContain('dr 1 dead letter (1 invalid_event); since');
	expect(told).toContain('dr 1 gap (1 retention); since');
	expect(told).toContain('dr the last completeness check found it broken; since');
	expect(told).toContain('verify --acknowledge --source dr');
});

test('says since when a destination accepts nothing, and why', async () => {
	const since = Date.now() - 38 * 60_000;
	const lastError = { at: Date.now(), message: 'no answer (ECONNREFUSED)' };
	await store.noteDestination('siem', { state: 'failing', since, lastError });
	const { out } = await status();
	expect(out).toMatch(/^siem +failing for 38m +0 +5 /m);
	const told = out.slice(out.indexOf('Needs attention')).replace(/\s+/g, ' ');
	expect(told).toContain('siem accepts nothing, events wait: no answer (ECONNREFUSED); audit-relay check says');
	await store.noteDestination('siem', { state: 'ok', since: Date.now(), lastError });
	expect((await status()).out).toMatch(/^siem +ok +0 +5 /m);
});

test('the same for machines; after the end of the process it says that nobody runs', async () => {
	file.close();
	const { out } = await status('--json');
	expect(JSON.parse(out)).toMatchObject({
		process: { running: false, pid: process.pid },
		sources: [
			{ name: 'dr', configured: true, waiting: 9, openGaps: 1, lastVerdict: 'broken' },
			{ name: 'removed', configured: false },
		],
		destinations: [
			{ name: 'old-siem', configured: false, waiting: 4 },
			{ name: 'siem', configured: true },
		],
		unseen: [{ source: 'dr', deadLetters: { count: 1, reasons: { invalid_event: 1 } }, gaps: { count: 1 } }],
	});
	expect((await status()).out).toMatch(/^Not running; the last was process/);
});

test('a stream of a source of several values is configured', async () => {
	const yaml = `state: { path: state.db }\nsources: [{ name: dr }, { name: removed }]\ndestinations: [{ name: siem }]\n`;
	writeFileSync(join(folder(), 'audit-relay.yaml'), yaml.replace('dr', 'directory'));
	streamOf(store, { name: 'directory.signIns', fingerprint: 'f', destinations: ['siem'] });
	await store.notePoll('directory.signIns');
	const { out } = await status();
	expect(out).toMatch(/^directory.signIns +ok, /m);
	expect(out).not.toMatch(/^directory /m);
});
