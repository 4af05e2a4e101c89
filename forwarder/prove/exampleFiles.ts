/** The examples beside a declaration: answers of the API, and the records that its events have to become. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HttpResponse } from '../../core/contract';

export interface ExampleFiles {
	/** By name, in the order of their numbers. */
	pages: { name: string; body: Uint8Array; headers?: HttpResponse['headers'] }[];
	expected?: string;
	/** Where the expected records are, or belong. */
	expectedPath: string;
}

/**
 * `acme.page.json`, `acme.page2.json` … and `acme.expected.json` beside `acme.provider.yaml`; `acme.page.headers` beside a page, as
 * `curl --dump-header` writes it.
 */
export async function exampleFiles(path: string): Promise<ExampleFiles> {
	const folder = dirname(path);
	const name = basename(path).replace(/(\.provider)?\.[a-z]+$/i, '');
	const number = (file: string) => Number(/(\d*)\.json$/.exec(file)![1] || 1);
	const pages = (await readdir(folder))
		.filter((file) => file.startsWith(`${name}.page`) && /^\d*\.json$/.test(file.slice(`${name}.page`.length)))
		.sort((a, b) => number(a) - number(b));
	const textOf = (file: string) => readFile(join(folder, file), 'utf8').catch(() => undefined);
	const expectedPath = join(folder, `${name}.expected.json`);
	return {
		pages: await Promise.all(
			pages.map(async (file) => {
				const headers = await textOf(file.replace(/\.json$/, '.headers'));
				const body = await readFile(join(folder, file));
				return { name: file, body, ...(headers !== undefined && { headers: headersIn(headers) }) };
			}),
		),
		expected: await textOf(`${name}.expected.json`),
		expectedPath,
	};
}

/** Lines of a name and a value; the line of the status is none. Several of one name become one, as clients see them. */
function headersIn(text: string): HttpResponse['headers'] {
	const headers: HttpResponse['headers'] = {};
	for (const line of text.split(/\r?\n/)) {
		const [, name, value = ''] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
		const of = name?.toLowerCase();
		if (of !== undefined) headers[of] = headers[of] === undefined ? value : `${headers[of]}, ${value}`;
	}
	return headers;
}
