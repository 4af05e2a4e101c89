/** What `top` and `tail` say where they cannot do their work; the rest is in the e2e tests, with a real process on a real terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTail } from '../../../../forwarder/cli/tail/tail';
import { addTop } from '../../../../forwarder/cli/top/top';
import { runCli } from '../runCli';

let cwd: string;
beforeAll(() => {
	cwd = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	writeFileSync(join(cwd, 'audit-relay.yaml'), 'state: { path: state.db }\n');
});
afterAll(() => rmSync(cwd, { recursive: true }));

const ran = (args: string[], tty = true) => runCli(args, { cwd, tty, rows: 24 }, [addTop, addTail]);

test.each(['top', 'tail'])('%s says what to do when no process runs, and writes nothing else', async (command) => {
	const { code, out, err } = await ran([command]);
	expect({ code, out }).toEqual({ code: 1, out: '' });
	expect(err).toMatch(
		/^error: no audit-relay runs with the configuration \S+audit-relay.yaml on this machine .* Start it: audit-relay run\. If one runs/,
	);
});

test.each([
	[['top'], false],
	[['top', '--json'], true],
])('%j draws on a terminal only, and says what else there is', async (args, tty) => {
	const { code, out, err } = await ran(args, tty);
	expect(code).toBe(2);
	expect(out + err).toContain('top draws on a terminal; elsewhere use audit-relay status --watch');
});

test('an interval that is none is refused', async () => {
	expect(await ran(['top', '--interval', '5'])).toMatchObject({
		code: 2,
		err: expect.stringContaining('Give a duration of at least 100ms, such as 5s.') as string,
	});
});
