/** Of playwright-core what the browser tests use: it is installed beside the checkout, and so are its types. */

export interface Launched {
	newContext(options: object): Promise<Context>;
	close(): Promise<void>;
}

export interface Context {
	newPage(): Promise<Page>;
	/** The browser's own protocol, for what it counts. */
	newCDPSession(page: Page): Promise<{ send(method: string, params?: object): Promise<unknown> }>;
	setDefaultTimeout(ms: number): void;
	close(): Promise<void>;
}

export interface Page {
	readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
	goto(url: string): Promise<unknown>;
	reload(): Promise<unknown>;
	/** What the page says to nobody: errors, and what its policy blocked. */
	on(event: 'console', tell: (message: { type(): string; text(): string }) => void): void;
	on(event: 'pageerror', tell: (error: Error) => void): void;
	/** Every request, to wherever. */
	on(event: 'request', tell: (request: { url(): string }) => void): void;
	close(): Promise<void>;
	locator(selector: string): Locator;
	getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
	getByRole(role: string, options: { name: string | RegExp; exact?: boolean }): Locator;
	getByLabel(text: string | RegExp, options?: { exact?: boolean }): Locator;
	waitForURL(url: RegExp): Promise<void>;
	evaluate<T>(script: string): Promise<T>;
	screenshot(options: Picture): Promise<Buffer>;
}

export interface Locator {
	click(options?: { position: { x: number; y: number } }): Promise<void>;
	dblclick(): Promise<void>;
	fill(text: string): Promise<void>;
	setInputFiles(path: string): Promise<void>;
	filter(by: { hasText: string | RegExp } | { has: Locator }): Locator;
	locator(selector: string): Locator;
	getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
	getByRole(role: string, options: { name: string | RegExp; exact?: boolean }): Locator;
	or(other: Locator): Locator;
	first(): Locator;
	last(): Locator;
	waitFor(options?: { state?: 'visible' | 'hidden' | 'attached' }): Promise<void>;
	innerText(): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	inputValue(): Promise<string>;
	selectOption(value: string): Promise<unknown>;
	check(): Promise<void>;
	press(key: string): Promise<void>;
	getAttribute(name: string): Promise<string | null>;
	boundingBox(): Promise<Box | null>;
	count(): Promise<number>;
	screenshot(options: Picture): Promise<Buffer>;
}

export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

interface Picture {
	readonly path: string;
	/** `disabled`: shows how they end. */
	readonly animations: 'disabled';
	readonly clip?: Box;
}
