/** What every story of the console has: a Chromium for the file, tabs that are closed at the story's end, and nothing that they complained of. */
import { installChromium, type ChromiumOptions } from '../../support/chromium';
import { picturesFor, type TakePicture } from '../../support/screens';
import { served, type Served, type ServedOptions } from './served';
import { openBrowser, type Browser, type Tab } from './tab';

export interface Stories {
	/** The command with its console; not started yet. It ends with the story. */
	served(options?: ServedOptions): Promise<Served>;
	openTab(url: string, options?: ChromiumOptions): Promise<Tab>;
	picture: TakePicture;
}

/** Call it at the top of a test file. */
export function stories(): Stories {
	installChromium();
	let browser: Browser;
	const tabs: Tab[] = [];
	const relays: Served[] = [];

	beforeAll(async () => {
		browser = await openBrowser();
	});
	afterEach(async () => {
		const ended = tabs.splice(0);
		await Promise.all(ended.map((tab) => tab.close()));
		await Promise.all(relays.splice(0).map((relay) => relay.end()));
		expect(ended.flatMap(({ complaints }) => complaints)).toEqual([]);
	});
	afterAll(() => browser?.close());

	return {
		async served(options) {
			const relay = await served(options);
			relays.push(relay);
			return relay;
		},
		async openTab(url, options) {
			const tab = await browser.tab(url, options);
			tabs.push(tab);
			return tab;
		},
		picture: picturesFor('docs/console'),
	};
}
