/** What a person reads off the console. */
import type { Locator, Page } from '../../support/page';

/** In the line of totals. */
export function figure(page: Page, name: string): Promise<string> {
	const pair = page.locator('.totals dl > div').filter({ has: page.locator('dt').getByText(name, { exact: true }) });
	return pair.locator('dd').innerText();
}

/** On a page of its own: the value beside a name. */
export function fact(page: Page, name: string): Promise<string> {
	const pair = page.locator('.facts > div').filter({ has: page.locator('dt').getByText(name, { exact: true }) });
	return pair.locator('dd').innerText();
}

/** Of the table, the row of this name. */
export function row(page: Page, table: string, name: string): Locator {
	const link = page.locator('a').getByText(name, { exact: true });
	return page.getByRole('table', { name: table }).locator('tbody tr').filter({ has: link });
}

/** What a row says in a column. */
export async function cell(page: Page, table: string, name: string, column: string): Promise<string> {
	const text = await row(page, table, name).locator(`[data-title="${column}"]`).innerText();
	return text.trim();
}

/** `12,345` → 12345. */
export const numberOf = (text: string) => Number(text.replaceAll(',', ''));

/** Names in the order of the rows that are drawn. */
export async function names(page: Page, table: string): Promise<string[]> {
	return page.getByRole('table', { name: table }).locator('tbody a').allInnerTexts();
}

/** The part of a page below this heading. */
export function section(page: Page, title: RegExp): Locator {
	return page.locator('section').filter({ has: page.getByRole('heading', { name: title }) });
}
