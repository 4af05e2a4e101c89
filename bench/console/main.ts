/**
 * What a console costs the browser when there are ten thousand sources, each of which changes every second: until the first view is there,
 * for each update, and after a jump in the list. The routes are the real ones; the process behind them is played.
 */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium, installChromium } from '../../test/e2e/support/chromium';
import type { Context, Page } from '../../test/e2e/support/page';
import { median } from '../measure/usage';
import { startScene, weight } from './scene';

const ROUNDS = 5;
const WATCHED_S = 15;

export async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({ args, options: { sources: { type: 'string', default: '10000' } } });
	installChromium();
	const sources = Number(values.sources);
	const scene = await startScene(sources);
	const chromium = await launchChromium();
	try {
		const rounds: Awaited<ReturnType<typeof look>>[] = [];
		for (let round = 0; round < ROUNDS; round++) rounds.push(await look(await chromium.context(), scene.url, sources));
		const updates = rounds.reduce((sum, round) => sum + round.updates, 0);
		const of = (figure: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[figure])).toFixed(1);
		console.log(`${sources} sources, medians of ${ROUNDS} rounds with ${updates} updates`);
		console.log(`first view            ${of('firstMs')} ms`);
		console.log(`main thread, an update ${of('updateMs')} ms`);
		console.log(`rows after a jump     ${of('jumpMs')} ms`);
		console.log(`weight as it is sent  ${(weight() / 1000).toFixed(1)} kB`);
		return 0;
	} finally {
		await chromium.close();
		await scene.close();
	}
}

async function look(context: Context, url: string, sources: number) {
	const page = await context.newPage();
	const begun = performance.now();
	await page.goto(url);
	await rowOf(page, 0).waitFor();
	const firstMs = performance.now() - begun;
	const { updateMs, updates } = await busy(context, page);
	const jumped = performance.now();
	await page.evaluate('scrollTo(0, document.documentElement.scrollHeight / 2)');
	await rowOf(page, sources / 2).waitFor();
	const jumpMs = performance.now() - jumped;
	await context.close();
	return { firstMs, updateMs, updates, jumpMs };
}

/** With what it says, not only its place. */
const rowOf = (page: Page, index: number) => page.locator(`table.sources tr[aria-rowindex="${index + 2}"] a`).first();

/** What the page's parser is given, to know how many updates there were. */
const COUNT = `
	globalThis.updates = 0;
	const parse = JSON.parse;
	JSON.parse = (text) => {
		if (text.startsWith('{"path":"/api/v1/sources')) updates++;
		return parse(text);
	};`;

/** CPU time of the page's main thread for each update. */
async function busy(context: Context, page: Page): Promise<{ updateMs: number; updates: number }> {
	const session = await context.newCDPSession(page);
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	const used = async () => {
		const { metrics } = (await session.send('Performance.getMetrics')) as {
			metrics: { name: string; value: number }[];
		};
		return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
	};
	await sleep(1000);
	await page.evaluate(COUNT);
	const before = await used();
	await sleep(WATCHED_S * 1000);
	const updates = await page.evaluate<number>('updates');
	if (updates === 0) throw new Error('nothing was updated');
	return { updateMs: ((await used()) - before) / updates, updates };
}
