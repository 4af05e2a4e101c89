/** A page that somebody leaves open, while what is behind it changes: the built command in a real Chromium. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '../support/page';
import { until } from '../support/wait';
import { LOGIN } from './support/served';
import { stories } from './support/stories';

const { served, openTab } = stories();

const ofLink = (page: Page) => page.locator('.link').innerText();

test('the key is changed: the page stops at once to ask with the old one, so that nobody else is shut out', async () => {
	const inFile = (yaml: string) => yaml.replace('${env:CONSOLE_TOKEN}', '${file:token}');
	const relay = await served({ withLogin: true, edit: inFile });
	const token = join(relay.here.folder, 'token');
	writeFileSync(token, LOGIN.password);
	await relay.start();
	const { page } = await openTab(relay.url, { httpCredentials: LOGIN });
	await until('it is live', async () => (await ofLink(page)) === 'Live');
	let asked = 0;
	page.on('request', (one) => void (one.url().includes('/api/v1/live') && asked++));
	writeFileSync(token, 'another-token-than-before');
	await page.getByText(/it asks who you are: load this page again/).waitFor();
	const before = asked;
	// the next attempts would come within this time
	await page.evaluate('new Promise((resolve) => setTimeout(resolve, 3000))');
	expect(asked).toBe(before);
	const headers = { authorization: 'Bearer another-token-than-before' };
	expect((await fetch(`${relay.url}api/v1/overview`, { headers })).status).toBe(200);
});

test('a tab is looked at again after an hour in which the process ended: what it shows is said to be an hour old', async () => {
	const relay = await served();
	await relay.start();
	const { page } = await openTab(relay.url);
	await until('it is live', async () => (await ofLink(page)) === 'Live');
	const seen = (isSeen: boolean) =>
		page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${!isSeen}, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'))`);
	const heard = Date.now();
	await seen(false);
	await relay.kill();
	await page.evaluate('const now = Date.now; Date.now = () => now() + 3_600_000; undefined');
	await seen(true);
	await until('it says that nobody answers', async () => (await ofLink(page)).includes('Connection lost'));
	const [, at] = /lost at (?:.*, )?(\S+):/.exec(await ofLink(page)) ?? [];
	const lost = Date.parse(`${new Date(heard).toISOString().slice(0, 10)}T${at}Z`);
	expect(Math.abs(lost - heard)).toBeLessThan(600_000);
});

test('a process of another version takes its place: the page says that it is older', async () => {
	const relay = await served();
	await relay.start();
	const { page } = await openTab(relay.url);
	await until('it is live', async () => (await ofLink(page)) === 'Live');
	const older = page.getByText('This page is of another version than the process');
	expect(await older.count()).toBe(0);
	await page.evaluate(`const asked = fetch;
		window.fetch = async (...given) => {
			const { body } = await asked(...given);
			const later = new TransformStream({ transform: (part, out) => out.enqueue(part.replace(/"version":"[^"]*"/, '"version":"99.0.0"')) });
			return new Response(body.pipeThrough(new TextDecoderStream()).pipeThrough(later).pipeThrough(new TextEncoderStream()));
		}; undefined`);
	await relay.kill();
	await relay.start();
	await older.waitFor();
});

describe('behind a proxy', () => {
	let proxy: Server;
	afterEach(() => {
		proxy.closeAllConnections();
		proxy.close();
	});

	test('that has it below a path of its own, everything is found', async () => {
		const relay = await served({ withLogin: true });
		await relay.start();
		const { port } = new URL(relay.url);
		proxy = createServer((asked, answer) => {
			const path = /^\/relay(\/.*)$/.exec(asked.url ?? '')?.[1];
			if (path === undefined) return void answer.writeHead(404).end();
			const { method, headers } = asked;
			const passed = request({ host: '127.0.0.1', port, path, method, headers }, (said) => {
				answer.writeHead(said.statusCode!, said.headers);
				said.pipe(answer);
				answer.on('close', () => said.destroy());
			});
			asked.pipe(passed.on('error', () => answer.destroy()));
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/relay/`;
		const { page } = await openTab(`${url}#/sources/erp`, { httpCredentials: LOGIN });
		await page.getByRole('heading', { name: 'erp arcus-erp Ok' }).waitFor();
		await page.getByRole('button', { name: 'Poll now', exact: true }).click();
		await page.getByText(/^erp is polled now/).waitFor();
		await until('the last events are listed', async () => (await page.locator('.records li').count()) > 0);
		await page.getByText('without scripts').click();
		await page.waitForURL(/\/relay\/plain$/);
	});
});
