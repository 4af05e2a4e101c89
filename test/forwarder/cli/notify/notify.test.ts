import { createServer, type IncomingMessage } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addNotify } from '../../../../forwarder/cli/notify/notify';
import { scratchFolder } from '../../../support/scratch';
import { listen } from '../../http/support';
import { runCli } from '../runCli';

const file = (notifications: string) => `
destinations: [{ name: siem, endpoint: http://127.0.0.1:4318 }]
sources: [{ name: dr, provider: arpio, accountId: acc, apiKey: "\${env:KEY}" }]
${notifications}`;

async function notify(args: readonly string[], notifications: string, env: Record<string, string> = {}, more = '') {
	const cwd = scratchFolder();
	await writeFile(join(cwd, 'audit-relay.yaml'), `include: ['*.more.yaml']${file(notifications)}`);
	await writeFile(join(cwd, 'tenant.more.yaml'), more || 'sources: []');
	return runCli(['notify', 'test', ...args], { cwd, env: { KEY: 'k-12345678', ...env } }, [addNotify]);
}

async function receiver(status = 202) {
	const bodies: Record<string, unknown>[] = [];
	const port = await listen(
		createServer((request: IncomingMessage, response) => {
			let text = '';
			request.on('data', (chunk) => (text += String(chunk)));
			request.on('end', () => {
				bodies.push(JSON.parse(text) as Record<string, unknown>);
				response.writeHead(status).end();
			});
		}),
	);
	return { bodies, url: `http://127.0.0.1:${port}/canary-secret` };
}

test('a message says that nothing is wrong; at PagerDuty its incident is resolved at once', async () => {
	const { bodies, url } = await receiver();
	const two = `notifications:
  - { name: chat, type: slack, url: "\${env:HOOK}" }
  - { name: page, type: pagerduty, url: "\${env:HOOK}", routingKey: "\${env:PD}" }`;
	const { code, out } = await notify([], two, { HOOK: url, PD: 'canary-key-1234' });
	expect(code).toBe(0);
	expect(out).toContain('✓  chat  sent\n✓  page  sent');
	expect(bodies.find(({ text }) => text)!['text']).toContain('nothing is wrong');
	const [trigger, resolve] = bodies.filter((body) => body['event_action']);
	expect(trigger).toMatchObject({ event_action: 'trigger', payload: { severity: 'info' } });
	expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger!['dedup_key'] });
	const one = await notify(['chat'], two, { HOOK: url, PD: 'canary-key-1234' });
	expect(one.out).not.toContain('page');
});

test('a source with a mistake keeps nobody from trying it out', async () => {
	const { bodies, url } = await receiver();
	const one = 'notifications: [{ name: chat, type: slack, url: "${env:HOOK}" }]';
	const broken = 'sources: [{ name: broken, provider: arpio, accountId: acc, apiKey: "${env:NOT_SET}" }]';
	const { code, err } = await notify([], one, { HOOK: url }, broken);
	expect({ code, err, sent: bodies.length }).toEqual({ code: 0, err: '', sent: 1 });
});

test('nothing that can be read or shipped is needed; what is wrong with the notifications is said', async () => {
	const { bodies, url } = await receiver();
	const cwd = scratchFolder();
	const run = async (text: string) => {
		await writeFile(join(cwd, 'audit-relay.yaml'), text);
		return runCli(['notify', 'test'], { cwd, env: { HOOK: url } }, [addNotify]);
	};
	const none = 'sources: [{ name: dr, provider: arpio, accountId: acc, apiKey: "${env:NOT_SET}" }]\ndestinations: []\n';
	const { code, err } = await run(`${none}notifications: [{ name: chat, type: slack, url: "\${env:HOOK}" }]\n`);
	expect({ code, err, sent: bodies.length }).toEqual({ code: 0, err: '', sent: 1 });
	const wrong = await run(`${none}notifications:\n  - { name: page, type: pagerduty, severity: some }\n`);
	expect(wrong.code).toBe(2);
	expect(wrong.err).toContain('audit-relay.yaml:4:');
	expect(wrong.err).toMatch(/notifications\[0\]\.severity: /);
	expect(wrong.err).not.toContain('apiKey');
});

test('one that does not take it fails, and its address is not said', async () => {
	const { url } = await receiver(404);
	const { code, out, err } = await notify(
		['--json'],
		'notifications: [{ name: chat, type: teams, url: "${env:HOOK}" }]',
		{
			HOOK: url,
		},
	);
	expect(code).toBe(1);
	expect(JSON.parse(out)).toEqual({ ok: false, notifications: [{ name: 'chat', ok: false, reason: 'status 404' }] });
	expect(out + err).not.toContain('canary');
});

test('a name that is not there, and a file without any', async () => {
	const one = 'notifications: [{ name: ops-chat, type: slack, url: "${env:HOOK}" }]';
	expect(await notify(['ops-caht'], one, { HOOK: 'https://x.example' })).toMatchObject({
		...{ code: 2, err: expect.stringContaining('did you mean ops-chat?') as string },
	});
	expect(await notify([], '')).toMatchObject({
		code: 2,
		err: expect.stringContaining('nobody is told of anything') as string,
	});
});
