import { readFile, writeFile } from 'node:fs/promises';
import { arpio, arpioEvent, configFor, KEY, listen, type Fake } from '../fakeProvider';
import { runCli } from '../runCli';

const env = { KEY };
let provider: Fake;

const EVENTS = [
	arpioEvent('e1', 3, { type: 'startFailover', note: '\u001b[2J', big: 1 }),
	arpioEvent('e2', 2, { requestInfo: { query: { nextToken: 'canary-token' } } }),
	arpioEvent('e3', 1),
];

beforeEach(async () => {
	provider = await listen(arpio(EVENTS));
});

afterEach(() => provider.close());

const config = (more?: string) => configFor(provider.url, 'http://127.0.0.1:1', more);

test('prints events for people: time, severity, name, actor, alert', async () => {
	const { code, out, err } = await runCli(['preview', '-c', await config()], { env });
	expect(code).toBe(0);
	expect(out).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z {2}\w+ +arpio\.\S+/m);
	expect(out).toContain('source=dr actor=subject-1');
	expect(out).not.toContain('\u001b');
	expect(err).toContain('dr: 3 events');
});

test('--json prints one record per line, with the body as received and redaction applied', async () => {
	const path = await config('    redact: [requestInfo.query.nextToken]');
	const { out } = await runCli(['preview', '--json', '-c', path], { env });
	const records = out
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { source: string; body: string; time: number[] });
	expect(records.map(({ source }) => source)).toEqual(['dr', 'dr', 'dr']);
	expect(JSON.parse(records[0]!.body)).toEqual(EVENTS[0]);
	expect(records[1]!.body).toContain('"nextToken":"[REDACTED]"');
	expect(out).not.toContain('canary');
});

test('-n limits the events', async () => {
	expect((await runCli(['preview', '-n', '1', '-c', await config()], { env })).err).toBe('dr: 1 event\n');
});

test('an unknown source is wrong usage', async () => {
	const { code, err } = await runCli(['preview', '-s', 'dre', '-c', await config()], { env });
	expect({ code, err }).toEqual({ code: 2, err: '--source dre: there is no such source; did you mean dr?\n' });
});

test('a wrong key fails without showing it', async () => {
	const { code, err } = await runCli(['preview', '-c', await config()], { env: { KEY: 'keyid:canary-2' } });
	expect(code).toBe(1);
	expect(err).toMatch(
		/^error: dr: GET .* status 401.*\n {2}The key is not accepted: check the environment variable KEY$/m,
	);
	expect(err).not.toContain('canary');
});

test('a source that cannot be read does not hide the others', async () => {
	const path = await config();
	const text = await readFile(path, 'utf8');
	const second = text.slice(text.indexOf('  - name: dr')).replace('name: dr', 'name: second').replace('KEY', 'OTHER');
	await writeFile(path, `${text}\n${second}`.replace('env:KEY', 'env:WRONG'));
	const { code, err } = await runCli(['preview', '-c', path], { env: { WRONG: 'keyid:canary-2', OTHER: KEY } });
	expect(code).toBe(1);
	expect(err).toContain('error: dr: ');
	expect(err).toContain('second: 3 events');
});

test('--help names the default in the words that --since takes', async () => {
	expect((await runCli(['preview', '--help'])).out).toContain('look back this far (default: 7d)');
});
