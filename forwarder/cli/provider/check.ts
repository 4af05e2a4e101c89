/** `audit-relay provider check`: whether a declaration is valid, maps its examples as expected, and loses nothing. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadDeclaration } from '../../config/declarations';
import { check, recordsText } from '../../prove/check';
import { exampleFiles } from '../../prove/exampleFiles';
import type { Result } from '../../prove/verdict';
import { contextOf, examples, pathFrom } from '../context';
import { ExitCode } from '../exit';
import type { Io } from '../io';
import { createProgress, plain, type Ui } from '../ui';

export function addCheck(group: Command, io: Io): void {
	group
		.command('check')
		.description('prove a declared provider: its form, its examples, and that no event is lost under any reading')
		.argument('<file>', 'the declaration, for example acme.provider.yaml')
		.option('--write-expected', 'write the records of the examples beside the file, to be read and kept')
		.addHelpText(
			'after',
			examples(
				['audit-relay provider check acme.provider.yaml', 'takes seconds; sends no requests'],
				['audit-relay provider check acme.provider.yaml --json', 'the same for a machine'],
			) +
				'\nA simulated API plays the declaration against the real walk. Exit codes: 0 proven, 1 not lossless or other records, 2 not valid.\n',
		)
		.action(async (file: string, options: { writeExpected?: boolean }, command: Command) => {
			const { json, ui } = contextOf(command, io);
			const path = pathFrom(io, file);
			const results = await resultsOf(path, options.writeExpected === true, io);
			const ok = results.every(({ status }) => status !== 'failed');
			io.stdout.write(json ? `${JSON.stringify({ ok, checks: results })}\n` : report(results, ui));
			io.exit(ok ? ExitCode.good : ExitCode.failed);
		});
}

async function resultsOf(path: string, writesExpected: boolean, io: Io): Promise<Result[]> {
	const declaration = await loadDeclaration(path);
	const files = await exampleFiles(path);
	if (writesExpected) {
		files.expected = await recordsText(declaration, files);
		await writeFile(files.expectedPath, files.expected);
	}
	const progress = createProgress(io);
	progress.update('Playing the declared API …');
	return check(declaration, files).finally(() => progress.done());
}

function report(results: readonly Result[], ui: Ui): string {
	const marks = { ok: ui.paint('green', '✓'), warning: ui.paint('yellow', '!'), failed: ui.paint('red', '✗') };
	const rows = results.flatMap(({ check, status, detail, fix }) => [
		[marks[status], check, plain(detail)],
		...(fix ? [['', '', ui.paint('dim', `→ ${plain(fix)}`)]] : []),
	]);
	const failed = results.filter(({ status }) => status === 'failed').length;
	const summary = failed
		? ui.paint('red', `Not proven: ${failed} of ${results.length} checks failed.`)
		: ui.paint('green', 'Proven: as declared, no event is lost and none comes twice.');
	return `${ui.table(rows)}\n${summary}\n`;
}
