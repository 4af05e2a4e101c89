/** What status says of five hundred sources: on a terminal, in a pipe, again and again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addStatus } from '../../../../forwarder/cli/status/status';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { runCli } from '../runCli';

const NAMES = Array.from(
	{ length: 500 },
	(_, i) => `${i % 2 ? 'eu' : 'us'}-tenant-with-a-long-name-${String(i).padStart(3, '0')}`,
);
const REFUSED = [NAMES[3]!, NAMES[250]!, NAMES[251]!];
const GAP = NAMES[499]!;

let file: StateFile;
const folder = () => join(file.path, '..');
beforeAll(async () => {
	const now = Date.now();
	file = stateFile(() => now);
	const store = file.open();
	const configured = [...NAMES, 'new'].map((name) => `{ name: ${name} }`);
	const yaml = `state: { path: state.db }\ndestinations: [{ name: siem }]\nsources: [${configured.join(', ')}]\n`;
	writeFileSync(join(folder(), 'audit-relay.yaml'), yaml);
	const streams = await store.streams(NAMES.map((name) => ({ name, fingerprint: 'f', destinations: ['siem'] })));
	await streams[499]!.commit({ start: 1n, watermark: 1n, gaps: [{ reason: 'retention', from: 1n, detail: 'gone' }] });
	for (const name of NAMES) await store.notePoll(name, ...(REFUSED.includes(name) ? ['status 401'] : []));
});
afterAll(() => file.remove());

const status = (args: string[], given: Parameters<typeof runCli>[1] = {}) =>
	runCli(['status', ...args], { cwd: folder(), env: { NO_COLOR: '1' }, ...given }, [addStatus]);
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

test('a terminal of 80 by 30 shows a summary, who needs attention, and the worst of them', async () => {
	const { out } = await status([], { tty: true, columns: 80, rows: 30 });
	expect(longest(out)).toBeLessThanOrEqual(80);
	expect(out.split('\n').length).toBeLessThanOrEqual(30);
	const told = out.replace(/\s+/g, ' ');
	expect(told).toContain('501 sources: 3 failing, 1 needs attention, 1 never polled, 496 ok; complete up to');
	expect(told).toContain(`${REFUSED.toSorted().join(', ')} the last poll failed: status 401; audit-relay check says`);
	expect(out).toMatch(/^us-tenant.*250 +failing /m);
	expect(out).toMatch(/^… and 49\d more: audit-relay status \| less$/m);
});

test.each([40, 60, 120])('%d columns are enough for one line per source', async (columns) => {
	const { out } = await status(['--source', '*'], { tty: true, columns, rows: 24 });
	expect(longest(out)).toBeLessThanOrEqual(columns);
	expect(out.match(/^(eu|us)-tenant\S* +(ok|failing)/gm)).toHaveLength(500);
});

test('a pipe gets every source on one line, whatever the terminal', async () => {
	const { out } = await status([], { columns: 40, rows: 5 });
	expect(out.match(/^(eu|us)-tenant-with-a-long-name-\d+ +(ok, \d+s ago|failing) .* -$/gm)).toHaveLength(500);
	expect(out).toMatch(/^new +never polled +- +0 /m);
});

test('--problems leaves what is well out, for machines too', async () => {
	const { out } = await status(['--problems']);
	expect(out).toContain('501 sources: 3 failing, 1 needs attention');
	expect(out.match(/^\S+ +(failing|ok, \d+s ago) /gm)).toHaveLength(4);
	const { sources } = JSON.parse((await status(['--problems', '--json'])).out) as { sources: { name: string }[] };
	expect(sources.map(({ name }) => name)).toEqual([...REFUSED, GAP].toSorted());
	expect((await status(['--problems', '--source', NAMES[0]!])).out).toMatch(/\n1 source: 1 ok\n\nNo problems\n$/);
});

test('--source takes names and patterns, and says what is not there', async () => {
	const { out } = await status(['--source', 'us-*', '--source', 'new', '--json']);
	expect((JSON.parse(out) as { sources: unknown[] }).sources).toHaveLength(250);
	const wrong = await status(['--source', 'eu-tenant-with-a-long-name-002']);
	expect(wrong).toMatchObject({ code: 2, out: '' });
	expect(wrong.err).toContain('there is no such source; did you mean eu-tenant-with-a-long-name-00');
	expect((await status(['--source', 'asia-*'])).err).toBe('--source asia-*: no source is called so\n');
});
