/** The command as somebody sees it who sits before a terminal. */
import { dirname, join } from 'node:path';
import { liveEvents } from '../../../sandbox/live';
import { onTerminal, type OnTerminal } from '../../support/terminal';
import { scene, type Scene } from '../../support/scene';
import { debianProgram } from '../support/debian';
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
/** For other shells than the one that has it as a function. */
const AS_PROGRAM = `export -f audit-relay; mkdir bin; printf '#!/bin/bash\\naudit-relay "$@"\\n' > bin/audit-relay; chmod +x bin/audit-relay; PATH=$PWD/bin:$PATH`;
// eslint-disable-next-line no-control-regex -- what moves the cursor
const plainOf = (raw: string) => raw.replace(/\u001b\[[\d;?]*[A-Za-z]|\u0008|\r/g, '');
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

test('fish completes them with what they are for, and files where files are meant', async () => {
	const program = debianProgram('fish', 'usr/bin/fish');
	const library = debianProgram('libpcre2-32-0', 'usr/lib/x86_64-linux-gnu/libpcre2-32.so.0');
	const functions = join(dirname(debianProgram('fish-common', 'usr/share/fish/config.fish')), 'functions');
	const questions = ['sta', 'status --source a', '--config audit-relay.y'].map(
		(words) => `complete -C 'audit-relay ${words}'`,
	);
	const asked = ['audit-relay completion fish | source', ...questions].join('; ');
	// its functions are not where a package that is installed has them
	const script = `set fish_function_path ${functions}; ${asked}`;
	const fish = terminal(`${AS_PROGRAM} LD_LIBRARY_PATH=${dirname(library)} ${program} --no-config -c "${script}"`);
	expect(await fish.finished).toEqual({ code: 0 });
	expect(fish.seen().filter(Boolean)).toEqual([
		expect.stringMatching(/^status\s+show whether it runs/) as string,
		expect.stringMatching(/^state\s+show, check, export/) as string,
		expect.stringMatching(/^app\s+source$/) as string,
		'audit-relay.yaml',
	]);
});

test('zsh completes what is typed before Tab, and shows what several are for', async () => {
	const program = debianProgram('zsh', 'bin/zsh');
	const modules = join(dirname(program), '../usr/lib/x86_64-linux-gnu/zsh/5.9');
	const functions = join(dirname(debianProgram('zsh-common', 'usr/share/zsh/functions/Misc/add-zsh-hook')), '..');
	const zsh = terminal(`${AS_PROGRAM} PS1='%% ' ${program} -f -i`);
	const enter = (line: string) => zsh.type(`${line}\r`);
	const completes = async (typed: string, line: RegExp) => {
		zsh.type(`${typed}\t`);
		const isCompleted = () => line.test(plainOf(zsh.raw()));
		await until(`${typed} is completed`, isCompleted, 30_000, () => JSON.stringify(zsh.raw()));
		// Ctrl-U: the line is empty again
		zsh.type('\u0015');
	};
	try {
		enter(`module_path=(${modules}) fpath=(${functions}/**/*(/))`);
		enter("autoload -U compinit && compinit -u -D && source <(audit-relay completion zsh) && echo rea''dy");
		await shows(zsh, /ready/);
		await completes('audit-relay status --prob', /audit-relay status --problems /);
		await completes('audit-relay status --source a', /audit-relay status --source app /);
		await completes('audit-relay stat', /state +-- show, check, export[^]*status +-- show whether it runs/);
		await completes('audit-relay --config audit-relay.y', /audit-relay --config audit-relay\.yaml /);
	} finally {
		// a signal does not end it
		enter('\u0015exit');
	}
	await zsh.finished;
});

test('top shows the running process, sorts, filters, says when it has gone, and ends with q', async () => {
	const nobody = terminal('audit-relay top');
	expect(await nobody.finished).toEqual({ code: 1 });
	expect(nobody.seen().join(' ')).toMatch(/no audit-relay runs with the configuration .* Start it: audit-relay run/);

	const run = terminal('audit-relay run 2>/dev/null');
	const top = terminal('until audit-relay top --interval 200ms; do sleep 0.2; done');
	await shows(top, /^audit-relay \S+ · ready · up /);
	await shows(top, /^3 sources: 3 ok · /);
	await shows(top, /^→ siem ok · /);
	expect(top.seen().filter((line) => /^(app|dr|erp) +ok /.test(line))).toHaveLength(3);
	top.type('s');
	await shows(top, /s sorts \(lag\)/);
	await until('app, which has the longest lateness, comes first', () => {
		const lines = top.seen();
		return lines[lines.findIndex((line) => line.startsWith('SOURCE')) + 1]?.startsWith('app ') ?? false;
	});
	top.type('/er');
	await shows(top, /^filter: er_/);
	await until('erp alone is left', () => top.seen().filter((line) => /^(app|dr|erp) /.test(line)).length === 1);
	top.type('\r');
	await shows(top, /^1–1 of 1 .* \/ filters \(er\)/);
	await run.end();
	await shows(top, /^no audit-relay runs with the configuration/);
	top.type('q');
	expect(await top.finished).toEqual({ code: 0 });
	expect(top.seen().some((line) => line.startsWith('SOURCE'))).toBe(false);
});

test('tail shows records as they are stored, of one source, for people and for machines', async () => {
	const run = terminal('audit-relay run 2>/dev/null');
	const wrong = terminal('until audit-relay status | grep -q "3 ok"; do sleep 0.2; done; audit-relay tail --source dx');
	expect(await wrong.finished).toEqual({ code: 1 });
	expect(wrong.seen().join(' ')).toContain('dx');
	const tail = terminal('audit-relay tail --source erp');
	const json = terminal("audit-relay tail --source 'd*' --source app --json");
	const happen = liveEvents(here.sandbox.logs);
	const found = (terminal: OnTerminal, line: RegExp) => terminal.seen().filter((one) => line.test(one)).length;
	await until('both have shown some', () => {
		happen(Date.now());
		return found(tail, /^[\d:]+ +erp +[A-Z]+ +arcus\.\S+ .* → /) > 1 && found(json, /^\{"source":"dr",/) > 1;
	});
	expect(found(tail, / (dr|app) /)).toBe(0);
	expect(found(json, /"source":"erp"/)).toBe(0);
	tail.type('\u0003');
	expect(await tail.finished).toEqual({ code: 0 });
	await run.end();
	expect(await json.finished).toEqual({ code: 1 });
	expect(found(json, /^\{"ok":false,.*the process has ended, so there is nothing more to show/)).toBe(1);
});
