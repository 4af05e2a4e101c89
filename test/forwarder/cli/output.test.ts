/** Nothing that others have written can steer a terminal, wherever a command prints it. */
import { harmless } from '../../../forwarder/cli/output';
import { run } from '../../support/command';
import { scratchFolder } from '../../support/scratch';
import { arpio, arpioEvent, configFor, KEY, listen, type Fake } from './fakeProvider';

jest.setTimeout(60_000);

/** ESC [ and its one-character form, a bell, the end of a title, and what turns the direction of writing. */
const HOSTILE = '\u001b[2J\u009b2J\u0007\u009c\u0085\u202e';
// eslint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

let provider: Fake;
let answer: Parameters<typeof listen>[0];
beforeEach(async () => (provider = await listen((request, response) => answer(request, response))));
afterEach(() => provider.close());

async function told(...args: string[]) {
	const config = await configFor(provider.url, provider.url);
	return run([...args, '--config', config], { cwd: scratchFolder(), env: { KEY } });
}

test.each([['preview'], ['preview', '--json']])('%s %s: events', async (...args) => {
	answer = arpio([arpioEvent('e1', 1, { description: HOSTILE, type: `up${HOSTILE}`, principal: { type: HOSTILE } })]);
	const { code, stdout, stderr } = await told(...args);
	expect({ code, raw: STEERING.test(stdout + stderr) }).toEqual({ code: 0, raw: false });
	if (args.includes('--json'))
		expect((JSON.parse(stdout) as { body: string }).body).toContain(JSON.stringify(HOSTILE).slice(1, 8));
});

test.each([
	['preview'],
	['preview', '--json'],
	['check'],
	['check', '--json'],
	['run', '--once'],
	['run', '--once', '--json'],
])('%s %s %s: the words of an error', async (...args) => {
	answer = (_request, response) =>
		response.writeHead(403).end(JSON.stringify({ message: `no ${HOSTILE}`, code: HOSTILE }));
	const { code, stdout, stderr } = await told(...args);
	expect({ code, raw: STEERING.test(stdout + stderr) }).toEqual({ code: 1, raw: false });
});

test('our own colours, tabs, line breaks and the line that rewrites itself stay', () => {
	const ours = '\u001b[1;31mred\u001b[0m\t\r\u001b[Kline\n';
	expect(harmless(ours)).toBe(ours);
});

test('JSON means the same as before', () => {
	const value = { [HOSTILE]: ['\u009b', '\u2028', 'ü', '漢', '\ud83d\ude00'] };
	expect(JSON.parse(harmless(JSON.stringify(value)))).toEqual(value);
});
