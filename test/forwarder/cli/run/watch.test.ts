/** `--watch` is told by the folders themselves: here nobody looks again after a time. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchFiles } from '../../../../forwarder/cli/run/watch';
import { scratchFolder } from '../../../support/scratch';

const LOOK_EVERY_MS = 10_000;

let folder: string;
let over: AbortController;
let watching: Promise<void>;
let changes: number;
let changed: () => void;

/** A sleep that only a watcher ends, and one for what is being written. */
const clock = {
	now: () => 0,
	sleep: (ms: number, signal?: AbortSignal) =>
		ms < LOOK_EVERY_MS
			? new Promise<void>((done) => setImmediate(done))
			: new Promise<void>((done) => {
					if (signal?.aborted) done();
					signal?.addEventListener('abort', () => done());
				}),
};

/** As Kubernetes mounts a ConfigMap: each file is a link through `..data`, which is a link to the folder of this version. */
function version(number: number, text: string): void {
	const data = join(folder, `..2026_${number}`);
	mkdirSync(data);
	writeFileSync(join(data, 'acme.yaml'), text);
	writeFileSync(join(data, 'tenants.csv'), text);
	symlinkSync(`..2026_${number}`, join(folder, '..data_tmp'));
	renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
}

function watched(...names: string[]): void {
	over = new AbortController();
	changes = 0;
	const files = names.map((name) => join(folder, name));
	const told = async () => {
		changes++;
		changed();
	};
	watching = watchFiles({ watched: () => ({ files, patterns: [] }), changed: told, clock }, over.signal);
}

/** What is done until it is told of. */
async function tells(act: () => void): Promise<void> {
	const told = new Promise<void>((done) => (changed = done));
	act();
	await told;
}

beforeEach(() => {
	folder = scratchFolder();
	changed = () => undefined;
	version(1, 'a');
	symlinkSync('..data/acme.yaml', join(folder, 'acme.yaml'));
	symlinkSync('..data/tenants.csv', join(folder, 'list.csv'));
});
afterEach(async () => {
	over.abort();
	await watching;
	rmSync(folder, { recursive: true });
});

test('the link of a Kubernetes volume leads to another version', async () => {
	watched('acme.yaml');
	await tells(() => version(2, 'b'));
	await tells(() => version(3, 'c'));
	expect(changes).toBe(2);
});

test('the file behind the links is written in its place', async () => {
	watched('acme.yaml');
	await tells(() => writeFileSync(join(folder, '..2026_1', 'acme.yaml'), 'longer'));
	await tells(() => version(2, 'b'));
	await tells(() => writeFileSync(join(folder, '..2026_2', 'acme.yaml'), 'longer'));
	expect(changes).toBe(3);
});

test('the file has another name than the link', async () => {
	watched('acme.yaml', 'list.csv');
	await tells(() => writeFileSync(join(folder, '..2026_1', 'tenants.csv'), 'longer'));
});

test('a folder that was replaced is watched under its name', async () => {
	const place = join(folder, 'conf.d');
	mkdirSync(place);
	writeFileSync(join(place, 'beta.yaml'), 'a');
	writeFileSync(join(folder, 'main.yaml'), 'a');
	watched('main.yaml', 'conf.d/beta.yaml');
	await tells(() => {
		renameSync(place, join(folder, 'old.d'));
		mkdirSync(place);
		writeFileSync(join(place, 'beta.yaml'), 'b');
		writeFileSync(join(folder, 'main.yaml'), 'b');
	});
	await new Promise((done) => setImmediate(done));
	await tells(() => writeFileSync(join(place, 'beta.yaml'), 'c, and more'));
	expect(changes).toBe(2);
});
