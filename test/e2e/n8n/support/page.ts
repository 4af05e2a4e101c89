/** Of playwright-core what the browser tests use: it is installed beside the checkout, and so are its types. */

export interface Launched {
	newContext(options: object): Promise<Context>;
	close(): Promise<void>;
}

export interface Context {
	newPage(): Promise<Page>;
	setDefaultTimeout(ms: number): void;
	close(): Promise<void>;
}

export interface Page {
	readonly keyboard: { press(key: string): Promise<void> };
	goto(url: string): Promise<unknown>;
	close(): Promise<void>;
	locator(selector: string): Locator;
	getByText(text: string, options?: { exact?: boolean }): Locator;
	getByRole(role: string, options: { name: string | RegExp; exact?: boolean }): Locator;
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
