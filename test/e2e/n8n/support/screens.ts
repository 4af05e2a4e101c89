/**
 * Pictures of the editor. All go to a folder outside the checkout; those that the documentation shows are refreshed by
 * `AUDIT_RELAY_SCREENS_REFRESH=1 npm run test:e2e -- browser`.
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../../support/debian';
import type { Box, Locator, Page } from './page';

/** Where all of them are left; AUDIT_RELAY_SCREENS names another folder. */
const folder = process.env['AUDIT_RELAY_SCREENS'] ?? join(cache, 'screens');
const refresh = process.env['AUDIT_RELAY_SCREENS_REFRESH'] === '1';

/** Those of the documentation: a picture of the same name is in this folder. */
const KEPT = 'docs/n8n/screens';
const KEPT_MOST_BYTES = 150_000;

const SPACE = 40;
/** Name and subtitle of a node stand below it. */
const NAMES = 60;

/** @param of the whole window, an element, or a part of the window */
export async function picture(page: Page, name: string, of?: Locator | Box): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${name}.png`);
	const options = { path, animations: 'disabled' } as const;
	if (of && 'screenshot' in of) await of.screenshot(options);
	else await page.screenshot({ ...options, ...(of && { clip: of }) });
	const kept = join(KEPT, `${name}.png`);
	if (!refresh || !existsSync(kept)) return;
	const { size } = statSync(path);
	if (size > KEPT_MOST_BYTES)
		throw new Error(`${name}.png has ${size} bytes: a picture for docs/ is to be cut smaller`);
	copyFileSync(path, kept);
}

/** The part of the window that shows all of these elements of the canvas. */
export async function around(elements: readonly Locator[]): Promise<Box> {
	const boxes = (await Promise.all(elements.map((element) => element.boundingBox()))).filter((box) => box !== null);
	if (boxes.length === 0) throw new Error('nothing to make a picture of');
	const left = Math.min(...boxes.map(({ x }) => x)) - SPACE;
	const top = Math.min(...boxes.map(({ y }) => y)) - SPACE;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + SPACE;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + NAMES;
	return { x: left, y: top, width: right - left, height: bottom - top };
}
