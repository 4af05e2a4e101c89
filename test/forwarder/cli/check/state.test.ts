/** Where the state is kept, tried out. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkState } from '../../../../forwarder/cli/check/state';
import type { Config } from '../../../../forwarder/config/types';
import { ownState } from '../../../../forwarder/store/sqlite/admin';
import { scratchFolder } from '../../../support/scratch';
import { systemIo } from '../runCli';

async function check(path: string) {
	const [found, ...others] = await checkState({ state: { path } } as Config, systemIo());
	expect(others).toEqual([]);
	return { ...found!, detail: found!.detail.replaceAll(path, 'FILE') };
}

test('no file yet, in a folder that takes one: nothing is left there', async () => {
	const folder = scratchFolder();
	expect(await check(join(folder, 'state.db'))).toMatchObject({ subject: 'state', check: 'file', status: 'ok' });
	expect(readdirSync(folder)).toEqual([]);
});

test('a folder that is not there, and something else in the place of the folder', async () => {
	const folder = scratchFolder();
	expect(await check(join(folder, 'sub', 'state.db'))).toMatchObject({
		status: 'failed',
		detail: `${join(folder, 'sub')} cannot be written (ENOENT)`,
		fix: 'Create the folder, owned by the user that runs audit-relay, or set state.path',
	});
	writeFileSync(join(folder, 'file'), '');
	expect(await check(join(folder, 'file', 'state.db'))).toMatchObject({ status: 'failed' });
	mkdirSync(join(folder, 'state.db'));
	expect(await check(join(folder, 'state.db'))).toMatchObject({ status: 'failed' });
});

test('a state that is there, also while a process has it', async () => {
	const path = join(scratchFolder(), 'state.db');
	const owner = ownState(path, 1);
	expect(await check(path)).toMatchObject({ status: 'ok', detail: 'FILE is there, and writable' });
	await owner.close();
});

test("somebody else's file", async () => {
	const path = join(scratchFolder(), 'state.db');
	writeFileSync(path, 'a text that somebody needs');
	expect(await check(path)).toMatchObject({
		status: 'failed',
		detail: 'FILE: is not a state file of audit-relay',
		fix: 'Set state.path to another file, or move it away',
	});
});

test('an empty file is a state that has not begun', async () => {
	const path = join(scratchFolder(), 'state.db');
	writeFileSync(path, '');
	expect(await check(path)).toMatchObject({ status: 'warning' });
});
