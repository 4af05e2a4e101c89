/**
 * Pictures of what a browser shows. All go to a folder outside the checkout; those that the documentation shows are refreshed by
 * `AUDIT_RELAY_SCREENS_REFRESH=1 npm run test:e2e -- <suite>`.
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './debian';
import type { Box, Locator, Page } from './page';

/** Where all of them are left; AUDIT_RELAY_SCREENS names another folder. */
const folder = process.env['AUDIT_RELAY_SCREENS'] ?? join(cache, 'screens');
const refresh = process.env['AUDIT_RELAY_SCREENS_REFRESH'] === '1';

const KEPT_MOST_BYTES = 150_000;

const SPACE = 40;
/** Name and subtitle of a node stand below it. */
const NAMES = 60;

/** @param of the whole window, an element, or a part of the window */
export type TakePicture = (page: Page, name: string, of?: Locator | Box) => Promise<void>;

/** @param kept a folder of the documentation: what has the same name there is taken again */
export function picturesFor(kept: string): TakePicture {
	return async (page, name, of) => {
		mkdirSync(folder, { recursive: true });
		const path = join(folder, `${name}.png`);
		const options = { path, animations: 'disabled' } as const;
		if (of && 'screenshot' in of) await of.screenshot(options);
		else await page.screenshot({ ...options, ...(of && { clip: of }) });
		const there = join(kept, `${name}.png`);
		if (!refresh || !existsSync(there)) return;
		const { size } = statSync(path);
		if (size > KEPT_MOST_BYTES)
			throw new Error(`${name}.png has ${size} bytes: a picture for docs/ is to be cut smaller`);
		copyFileSync(path, there);
	};
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
