/** Chromium from Debian's packages, and the library that drives it. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { debianPackages } from './debian';
import { patience } from './wait';
import { installed } from './installed';
import type { Context, Launched } from './page';

const EXECUTABLE = '/usr/bin/chromium';
/** The font is for what people write into names: an emoji must not be an empty box on a picture. */
const PACKAGES = ['chromium', 'fonts-noto-color-emoji'];
const PLAYWRIGHT = '1.63.0';

export interface ChromiumOptions {
	readonly colorScheme?: 'light' | 'dark';
	/** Default: a window of a desk. */
	readonly viewport?: { readonly width: number; readonly height: number };
	/** For a server that asks for a name and a password. */
	readonly httpCredentials?: { readonly username: string; readonly password: string };
}

export interface Chromium {
	context(options?: ChromiumOptions): Promise<Context>;
	close(): Promise<void>;
}

/** Call it at the top of a test file: the first time it takes longer than a hook may. */
export function installChromium(): void {
	installed('playwright-core', PLAYWRIGHT);
	debianPackages(EXECUTABLE, ...PACKAGES);
}

/** The same size, language and time zone everywhere, so that pictures differ only where what they show does. */
export async function launchChromium(): Promise<Chromium> {
	const { chromium } = createRequire(resolve('package.json'))(installed('playwright-core', PLAYWRIGHT)) as {
		chromium: { launch(options: object): Promise<Launched> };
	};
	const args = [
		// root may not have one; it sees nothing but the server of the test
		'--no-sandbox',
		'--disable-dev-shm-usage',
		// the editor looks packages up in npm's registry
		'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
	];
	const browser = await chromium.launch({ executablePath: EXECUTABLE, args, timeout: patience(60_000) });
	return {
		context: ({ colorScheme = 'light', viewport = { width: 1400, height: 900 }, httpCredentials } = {}) =>
			browser.newContext({
				viewport,
				httpCredentials,
				locale: 'en-GB',
				timezoneId: 'UTC',
				reducedMotion: 'reduce',
				colorScheme,
			}),
		close: () => browser.close(),
	};
}
