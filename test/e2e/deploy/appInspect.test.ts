/** Splunk's own check of apps, as its cloud demands it of what is uploaded. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { pythonProgram } from '../support/python';
import { check } from './checkers';

const INSTALL_MS = 600_000;
const BAD = ['error', 'failure', 'future_failure', 'warning'] as const;

interface Report {
	summary: Record<(typeof BAD)[number] | 'success', number>;
	reports: { groups: { checks: { name: string; result: string; messages: { message: string }[] }[] }[] }[];
}

/** What it has to say against the app. */
function inspected(app: string, tags: readonly string[]): { said: string[]; success: number } {
	const program = pythonProgram('splunk-appinspect', '4.3.1');
	const folder = scratchFolder();
	// as its README says
	execFileSync('tar', ['czf', join(folder, 'audit_relay.tgz'), '-C', app, 'audit_relay']);
	const output = join(folder, 'report.json');
	const included = tags.flatMap((tag) => ['--included-tags', tag]);
	const args = ['inspect', join(folder, 'audit_relay.tgz'), '--mode', 'precert', ...included];
	const { text } = check(program, [...args, '--data-format', 'json', '--output-file', output]);
	let report: Report;
	try {
		report = JSON.parse(readFileSync(output, 'utf8')) as Report;
	} catch {
		throw new Error(`AppInspect made no report (it needs libmagic: apt-get install libmagic1)\n${text}`);
	}
	const checks = report.reports.flatMap(({ groups }) => groups.flatMap((group) => group.checks));
	const bad = checks.filter(({ result }) => (BAD as readonly string[]).includes(result));
	return {
		said: bad.map(({ name, messages }) => `${name}: ${messages.map(({ message }) => message).join(' ')}`),
		success: report.summary.success,
	};
}

test.each([
	['everything that is looked at before an app is certified', []],
	['what the cloud demands', ['cloud']],
	['what the cloud demands of apps that are uploaded for oneself', ['private_app', 'private_victoria']],
])(
	'AppInspect has nothing to say: %s',
	(_, tags) => {
		const { said, success } = inspected('deploy/splunk', tags);
		expect(said).toEqual([]);
		expect(success).toBeGreaterThan(20);
	},
	INSTALL_MS,
);

test(
	'and it does look',
	() => {
		const folder = scratchFolder();
		cpSync('deploy/splunk/audit_relay', join(folder, 'audit_relay'), { recursive: true });
		const file = join(folder, 'audit_relay/default/app.conf');
		writeFileSync(file, `[install]\nis_configured = true\n\n${readFileSync(file, 'utf8')}`);
		expect(inspected(folder, ['cloud']).said).toEqual([expect.stringContaining('is_configured') as string]);
	},
	INSTALL_MS,
);
