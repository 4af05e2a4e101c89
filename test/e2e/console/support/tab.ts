/** The console in a real Chromium: a tab as a person has it, which also notes what a person does not see. */
import { readFileSync } from 'node:fs';
import { patience } from '../../support/wait';
import { launchChromium, type Chromium, type ChromiumOptions } from '../../support/chromium';
import type { Page } from '../../support/page';

export interface Tab {
	page: Page;
	/** Errors of scripts, what the policy of the page blocked, and requests to anywhere else. */
	complaints: string[];
	close(): Promise<void>;
}

export interface Browser {
	tab(url: string, options?: ChromiumOptions): Promise<Tab>;
	close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
	const chromium: Chromium = await launchChromium();
	return {
		async tab(url, options) {
			const context = await chromium.context(options);
			context.setDefaultTimeout(patience(30_000));
			const page = await context.newPage();
			const complaints: string[] = [];
			const { origin } = new URL(url);
			page.on('pageerror', ({ message }) => complaints.push(message));
			page.on('console', (message) => {
				// a connection that breaks, and what was refused, is told by the browser itself
				const isOfBrowser = /net::ERR|the server responded with a status of 4/.test(message.text());
				if (message.type() === 'error' && !isOfBrowser) complaints.push(message.text());
			});
			page.on('request', (request) => {
				if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:'))
					complaints.push(request.url());
			});
			await page.goto(url);
			return { page, complaints, close: () => context.close() };
		},
		close: () => chromium.close(),
	};
}

interface Finding {
	id: string;
	help: string;
	nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds: rules for people who do not see, or use no mouse. */
export async function findings(page: Page): Promise<string[]> {
	await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
	const found = await page.evaluate<Finding[]>('axe.run().then(({ violations }) => violations)');
	return found.flatMap(({ id, help, nodes }) =>
		nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
	);
}

/** In pixels: a page that is wider than its window has to be scrolled to the side. */
export const overhang = (page: Page) =>
	page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
