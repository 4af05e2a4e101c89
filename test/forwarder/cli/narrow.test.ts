/** On a terminal of 80 columns nothing is broken by the terminal itself. */
import { addCheck } from '../../../forwarder/cli/check/check';
import { demoScreen } from '../../../forwarder/cli/demo/screen';
import { addRun } from '../../../forwarder/cli/run/run';
import { addStatus } from '../../../forwarder/cli/status/status';
import { createUi } from '../../../forwarder/cli/ui';
import { startSandbox } from '../../../sandbox/scenario';
import { arpio, arpioEvent, configFor, KEY, listen, receiver, type Fake } from './fakeProvider';
import { runCli, systemIo } from './runCli';

const fakes: Fake[] = [];
const start = async (...args: Parameters<typeof listen>) => {
	const fake = await listen(...args);
	fakes.push(fake);
	return fake;
};
afterEach(async () => {
	await Promise.all(fakes.splice(0).map((fake) => fake.close()));
});

const env = { KEY, NO_COLOR: '1' };
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

test.each([80, 100])('check wraps what it found and what to do at %d columns', async (columns) => {
	const provider = await start((_request, response) => response.writeHead(403).end());
	const siem = await start((_request, response) => response.writeHead(404).end());
	const path = await configFor(provider.url, siem.url);
	const { out } = await runCli(['check', '-c', path], { env, tty: true, columns }, [addCheck]);
	const lines = out.split('\n');
	expect(longest(out)).toBeLessThanOrEqual(columns);
	const begin = lines.findIndex((line) => line.includes('✗  destination siem'));
	const told = lines.slice(begin, -2).map((line) => line.trim());
	expect(told.join(' ')).toMatch(/status 404 → There is no OTLP at this path: give the base URL, without \/v1\/logs/);
});

test('status keeps one line per source: a narrow terminal gets fewer columns', async () => {
	const [provider, siem] = [await start(arpio([arpioEvent('e1', 3)])), await start(receiver)];
	const path = await configFor(provider.url, siem.url, 'server: { enabled: false }');
	await runCli(['run', '--once', '-c', path], { env }, [addRun]);
	const narrow = await runCli(['status', '-c', path], { env, tty: true, columns: 40 }, [addStatus]);
	expect(longest(narrow.out)).toBeLessThanOrEqual(40);
	expect(narrow.out).toMatch(/\nSOURCE +STATE +COMPLETE +SHIPPED\ndr +ok, \d+s ago +\d+s ago +1\n/);
	const wide = await runCli(['status', '-c', path], { env, tty: true, columns: 80 }, [addStatus]);
	expect(longest(wide.out)).toBeLessThanOrEqual(80);
	expect(wide.out).toMatch(
		/^Not running; the last was process \d+.*\n1 source: 1 ok; .*\n1 destination: 1 ok; .*\n\nSOURCE +STATE +COMPLETE .+ VERDICT\ndr +ok, /,
	);
	const pipe = await runCli(['status', '-c', path], { env, columns: 80 }, [addStatus]);
	expect(pipe.out).toBe(wide.out);
});

test('the demo shortens its records', async () => {
	const sandbox = await startSandbox({ newestAt: Date.now(), receiver: true });
	try {
		let out = '';
		const stdout = { write: (text: string) => (out += text), isTTY: true, columns: 80 };
		const io = systemIo({ stdout, env });
		const screen = demoScreen({ ui: createUi(stdout, env), json: false } as never, io);
		const stored = [
			{
				time: 0n,
				severityText: 'ERROR',
				eventName: 'arpio.startapplicationrecoveryfailed',
				attributes: {
					'audit.alert': 'page',
					'audit.category': 'failover',
					'audit.actor.id': 'a'.repeat(60),
					'audit.target.name': 'b'.repeat(60),
				},
			},
		];
		screen.begin({ ...sandbox, receiver: { ...sandbox.receiver, stored } } as never);
		screen.update([]);
		expect(out).toContain(sandbox.arpio.url);
		expect(out).toContain('00:00:00  ERROR  arpio.startapplicationrecoveryfail  [failover] → page\n');
		expect(longest(out)).toBeLessThanOrEqual(80);
	} finally {
		await sandbox.stop();
	}
});

describe('a table', () => {
	const table = (columns: number, rows: string[][], head?: string[]) =>
		createUi({ write: () => true, isTTY: true, columns }, { NO_COLOR: '1' }).table(rows, head);

	test('keeps an address whole', () => {
		const url = 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp/v1/logs';
		expect(table(50, [['✓', 'destination siem', `asked ${url} twice`]])).toBe(
			`✓  destination siem\n     asked\n     ${url}\n     twice\n`,
		);
	});

	test('measures without colour', () => {
		const ui = createUi({ write: () => true, isTTY: true, columns: 12 }, { FORCE_COLOR: '1' });
		expect(ui.table([['ab', ui.paint('red', 'abcdef')]])).toBe(`ab  ${ui.paint('red', 'abcdef')}\n`);
	});
});
