/** A disk that the outbox fills while the receiver is down: small file systems of their own, so as root only. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { liveEvents } from '../../../sandbox/live';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(300_000);

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) console.warn('skipped: mounting a small file system needs root');

let here: Scene;
let disk: string | undefined;
beforeEach(async () => (here = await scene()));
afterEach(async () => {
	if (disk) execFileSync('umount', [disk]);
	disk = undefined;
	await here.end();
});

function mount(kilobytes: number): void {
	const folder = join(here.folder, 'disk');
	mkdirSync(folder);
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=0700`, 'none', folder]);
	disk = folder;
	here.configure((yaml) => yaml.replace('./audit-relay.db', './disk/audit-relay.db'));
}

function happen(count: number): void {
	const next = liveEvents(here.sandbox.logs);
	for (let i = 0; i < count; i++) next(Date.now());
}

const free = () => {
	const { bavail, bsize } = statfsSync(disk!);
	return bavail * bsize;
};

(isRoot ? test : test.skip).each([
	[1_536, 6_000],
	[10_240, 45_000],
])(
	'a disk of %d kB is not filled to the brim, and drains by itself when the receiver is well',
	async (size, events) => {
		mount(size);
		happen(events);
		here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
		const stuck = await run(['run', '--once', '--give-up-after', '5s'], here.options);
		expect(stuck.code).toBe(1);
		expect(stuck.stderr).toMatch(/source \w+: stopped before everything was read/);
		expect(free()).toBeGreaterThan(size * 50);

		here.sandbox.receiver!.setAnswers(undefined);
		const { code, stderr } = await run(['run', '--once'], here.options);
		expect({ code, stderr }).toMatchObject({ code: 0 });
		const all = Object.entries(here.sandbox.logs).flatMap(([label, log]) =>
			log.all().map(({ id }) => `${label}:${id}`),
		);
		const arrived = here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');
		expect(new Set(arrived.map(({ attributes }) => attributes['log.record.uid']))).toEqual(new Set(all));
	},
);

(isRoot ? test : test.skip)('a disk that others have filled: exit code 1, and the next start goes on', async () => {
	mount(1_536);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	const filler = join(disk!, 'filler');
	try {
		execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
	} catch {
		// until not one page is left
	}
	happen(30);
	const full = await run(['run', '--once'], here.options);
	expect(full.code).toBe(1);
	expect(full.stderr).not.toContain('unexpected');
	execFileSync('rm', [filler]);
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
});
