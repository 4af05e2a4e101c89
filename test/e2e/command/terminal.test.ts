/** The command as somebody sees it who sits before a terminal. */
import { onTerminal, type OnTerminal } from '../../support/terminal';
import { scene, type Scene } from '../../support/scene';
import { until } from '../support/wait';

jest.setTimeout(120_000);

let here: Scene;
let open: OnTerminal[];
beforeEach(async () => {
	open = [];
	here = await scene();
});
afterEach(async () => {
	for (const terminal of open) await terminal.end();
	await here.end();
});

function terminal(line: string): OnTerminal {
	const opened = onTerminal(line, here.options);
	open.push(opened);
	return opened;
}
/** As bash does when the last word is followed by Tab. */
const COMPLETE = `complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _audit_relay; echo "\${COMPREPLY[@]}"; }
complete_line audit-relay sta
complete_line audit-relay status --prob
complete_line audit-relay status --source a`;
const shows = (terminal: OnTerminal, text: RegExp) =>
	until(
		`the terminal shows ${text}`,
		() => terminal.seen().some((line) => text.test(line)),
		30_000,
		() => terminal.raw(),
	);

test('run tells below its log how far it is, and leaves nothing of it when Ctrl-C ends it', async () => {
	const run = terminal('audit-relay run');
	await shows(run, /^51 events · .*all read up to \ds ago$/);
	expect(run.raw()).toContain('\u001b[Kstarting');
	const lines = run.seen();
	expect(lines.at(-1)).toMatch(/ events /);
	expect(lines.filter((line) => / events · /.test(line))).toHaveLength(1);
	expect(lines.every((line) => line.length < 80 || /^\d\d:\d\d:\d\d /.test(line))).toBe(true);
	run.type('\u0003');
	expect(await run.finished).toEqual({ code: 0 });
	const after = run.seen();
	expect(after.some((line) => / events · |^starting/.test(line))).toBe(false);
	expect(after.some((line) => line.includes('stopped; what is not shipped waits in the state'))).toBe(true);
});

test('status --watch draws in place, and leaves the last picture', async () => {
	const once = terminal('audit-relay run --once');
	expect(await once.finished).toEqual({ code: 0 });
	expect(once.seen().join('\n')).toMatch(/^3 sources: 3 ok/m);
	const watch = terminal('audit-relay status --watch 200ms');
	await shows(watch, /^siem +ok +54 /);
	watch.type('\u0003');
	expect(await watch.finished).toEqual({ code: 0 });
	expect(watch.seen().filter((line) => line.startsWith('SOURCE '))).toHaveLength(1);
	expect(watch.seen().some((line) => line.includes('Ctrl-C ends'))).toBe(false);
});

test('bash completes commands, options and names', async () => {
	const bash = terminal(`source <(audit-relay completion bash)\n${COMPLETE}`);
	expect(await bash.finished).toEqual({ code: 0 });
	expect(bash.seen().filter(Boolean)).toEqual(['status state', '--problems', 'app']);
});
