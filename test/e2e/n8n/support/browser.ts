/**
 * What a person does in n8n's editor: `const browser = await openBrowser(server.url)`, then `browser.tab()` for each
 * scenario. Waits for what is seen, never for a time.
 */
import { patience, until } from '../../support/wait';
import { launchChromium, type ChromiumOptions } from '../../support/chromium';
import type { Locator, Page } from '../../support/page';
import { OWNER } from './server';

export interface Browser {
	/** A tab of the owner's, signed in. */
	tab(path?: string): Promise<Page>;
	close(): Promise<void>;
}

/** Signs the owner in through the form. */
export async function openBrowser(url: string, options?: ChromiumOptions): Promise<Browser> {
	const chromium = await launchChromium();
	const context = await chromium.context(options);
	const open = async (path: string) => {
		context.setDefaultTimeout(patience(30_000));
		const page = await context.newPage();
		await page.goto(url + path);
		return page;
	};
	try {
		await signIn(await open('/signin'));
	} catch (error) {
		await chromium.close();
		throw error;
	}
	return { tab: (path = '/home/workflows') => open(path), close: () => chromium.close() };
}

async function signIn(page: Page): Promise<void> {
	await page.locator('[name=emailOrLdapLoginId]').fill(OWNER.email);
	await page.locator('[name=password]').fill(OWNER.password);
	await byId(page, 'form-submit-button').click();
	await page.waitForURL(/\/home\//);
	await page.close();
}

/** By n8n's own test id. */
export function byId(within: Page | Locator, id: string): Locator {
	return within.locator(`[data-test-id="${id}"]`);
}

/** The messages in the corner cover what is on a picture. They also go by themselves, so none is waited for. */
export async function dismissToasts(page: Page): Promise<void> {
	const close = "document.querySelectorAll('.el-notification__closeBtn').forEach((button) => button.click())";
	await until('the messages in the corner are gone', async () => {
		await page.evaluate(close);
		return (await page.locator('.el-notification').count()) === 0;
	});
}
