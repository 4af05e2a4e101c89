/** Tries out the state, every source and every destination of a configuration, and says how it went. */
import type { Config } from '../../config/types';
import type { Io } from '../io';
import { counted, createProgress, plain, type Ui } from '../ui';
import { checkDestination } from './destination';
import { checkSource, type Check } from './source';
import { checkState } from './state';

/** @param subject how the configuration is named */
export async function tryOut(config: Config, subject: string, io: Io): Promise<Check[]> {
	const progress = createProgress(io);
	const detail = `${counted(config.sources.length, 'source')}, ${counted(config.destinations.length, 'destination')}`;
	progress.update(`Checking ${detail} …`);
	const deps = { clock: io.clock, random: () => io.random(), env: io.env, domains: new Map() };
	const found = await Promise.all([
		checkState(config, io),
		...config.sources.map((source) => checkSource(source, deps, io.stop)),
		...config.destinations.map((destination) => checkDestination(destination, io)),
	]).finally(() => progress.done());
	return [{ subject, check: 'configuration', status: 'ok', detail }, ...found.flat()];
}

export function isGood(checks: readonly Check[]): boolean {
	return checks.every(({ status }) => status !== 'failed');
}

export function report(checks: readonly Check[], ui: Ui): string {
	const marks = { ok: ui.paint('green', '✓'), warning: ui.paint('yellow', '!'), failed: ui.paint('red', '✗') };
	const rows = checks.flatMap(({ subject, check, status, detail, fix }) => [
		[marks[status], plain(subject), check, plain(detail)],
		...(fix ? [['', '', '', ui.paint('dim', `→ ${plain(fix)}`)]] : []),
	]);
	const failed = checks.filter(({ status }) => status === 'failed').length;
	const summary = failed
		? ui.paint('red', `${failed} of ${checks.length} checks failed.`)
		: ui.paint('green', 'Everything works: `audit-relay run` can start.');
	return `${ui.table(rows)}\n${summary}\n`;
}
