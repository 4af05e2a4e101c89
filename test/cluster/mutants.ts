/** Safeguards taken out of the command, one by one. Faults at random do not find them; each names the directed faults that must. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** As `test/mutants/edit.mjs` reads it. */
interface Edit {
	file: string;
	at?: string;
	find?: string;
	replace: string;
}

export interface Mutant {
	name: string;
	edits: readonly Edit[];
	/** Names of scenarios; one is enough. */
	look: readonly string[];
}

const FENCE = 'forwarder/store/postgres/fence.ts';
const LEASES = 'forwarder/run/cluster/leases.ts';
const ALL = 'sql`true`';

export const mutants: readonly Mutant[] = [
	{
		name: 'no fence',
		edits: [
			{ file: FENCE, at: 'isOf', replace: `{ return ${'sql`shard = ${shard}::int`'}; }` },
			{ file: FENCE, at: 'isAt', replace: `() => ${ALL}` },
		],
		look: ['stopped just before a commit'],
	},
	{
		name: 'fence by epoch only',
		edits: [{ file: FENCE, at: 'isAt', replace: `() => ${ALL}` }],
		look: ['failover that loses commits while the owner idles'],
	},
	{
		name: 'observations not reset after an outage',
		edits: [{ file: 'forwarder/run/cluster/observations.ts', at: 'startOver', replace: '{}' }],
		look: ['outage of the database for all'],
	},
	{
		name: 'a worker that leaves takes back',
		edits: [{ file: LEASES, at: 'leave', find: 'look(true)', replace: 'once(holder).then(() => undefined)' }],
		look: ['a worker leaves'],
	},
	{
		name: 'acknowledgement of a batch that was rolled back',
		edits: [{ file: FENCE, at: 'reaches', replace: `() => ${ALL}` }],
		look: ['acknowledgement of a batch that was lost'],
	},
	{
		name: 'acknowledgement by a former owner',
		edits: [
			{ file: FENCE, at: 'aside', find: 'isOf(lease)', replace: ALL },
			{ file: 'forwarder/store/postgres/outbox.ts', at: 'ours', replace: ALL },
		],
		look: ['stopped just before an acknowledgement'],
	},
];

const NEEDED = ['core', 'providers', 'forwarder', 'sandbox', 'build', 'docs', 'gulpfile.js', 'package.json'];

/** Builds the command with the mistake. Returns its folder, and what removes it. Throws when the sources have changed too much. */
export function build({ edits }: Mutant): { dist: string; remove(): void } {
	const copy = mkdtempSync(join(tmpdir(), 'audit-relay-cluster-mutant-'));
	const remove = () => rmSync(copy, { recursive: true, force: true });
	try {
		const filter = (path: string) => !/[\\/](node_modules|dist)$/.test(path);
		for (const name of NEEDED) cpSync(name, join(copy, name), { recursive: true, filter });
		for (const name of ['node_modules', 'forwarder/node_modules'])
			if (existsSync(name)) symlinkSync(resolve(name), join(copy, name));
		const node = resolve('node_modules/.bin/node');
		execFileSync(node, ['test/cluster/mutate.mjs', copy, JSON.stringify(edits)], { stdio: 'pipe' });
		const gulp = resolve('node_modules/gulp/bin/gulp.js');
		execFileSync(node, [gulp, '--silent', 'forwarder'], { cwd: copy, stdio: 'pipe' });
		return { dist: join(copy, 'forwarder/dist'), remove };
	} catch (error) {
		remove();
		const { stderr, message } = error as Error & { stderr?: Buffer };
		throw new Error(/Error: (.*)/.exec(String(stderr ?? ''))?.[1] ?? message);
	}
}
