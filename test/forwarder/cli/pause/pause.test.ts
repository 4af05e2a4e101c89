/** Sources paused and resumed beside the process that owns the state. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPause } from '../../../../forwarder/cli/pause/pause';
import { addResume } from '../../../../forwarder/cli/pause/resume';
import { addStatus } from '../../../../forwarder/cli/status/status';
import type { FileStore } from '../../../../forwarder/store/sqlite/store';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { streamOf } from '../../../support/streamOf';
import { runCli } from '../runCli';

const NOW = Date.parse('2026-02-11T08:02:14Z');

let file: StateFile;
let store: FileStore;
beforeEach(() => {
	file = stateFile(() => NOW);
	store = file.open();
	const names = ['dr', 'eu-1', 'eu-2', 'directory'];
	const sources = names.map((name) => `  - { name: ${name} }`).join('\n');
	writeFileSync(join(file.path, '..', 'audit-relay.yaml'), `state: { path: state.db }\nsources:\n${sources}\n`);
});
afterEach(() => file.remove());

const cli = (...args: string[]) => runCli(args, { cwd: join(file.path, '..') }, [addPause, addResume, addStatus]);
const paused = async () => (await store.wishes()).paused;

test('a source is paused with a reason, shown so by status, and resumed; log and state say who did it', async () => {
	streamOf(store, { name: 'dr', fingerprint: 'f', destinations: ['siem'] });
	const done = await cli('pause', 'dr', '--note', 'key rotation');
	expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^paused: dr; /) as string });
	expect(JSON.parse(done.err)).toMatchObject({ 'user.name': 'ada', 'audit_relay.what': 'pause: dr (key rotation)' });
	expect(await paused()).toEqual(['dr']);
	expect(await store.newActions()).toMatchObject([{ by: 'ada', what: 'pause: dr (key rotation)' }]);

	expect(await cli('pause', 'dr')).toMatchObject({ code: 0, out: 'paused already: dr\n', err: '' });
	const { out } = await cli('status');
	expect(out).toMatch(/^4 sources: 1 paused, /m);
	expect(out).toMatch(/dr +paused by ada \(key rotation\): nothing is read, .*; run audit-relay resume/);
	expect(JSON.parse((await cli('status', '--json')).out)).toMatchObject({ paused: [{ source: 'dr', by: 'ada' }] });

	expect(await cli('resume', 'dr')).toMatchObject({ code: 0, out: 'resumed: dr\n' });
	expect(await paused()).toEqual([]);
	expect(await cli('resume', 'dr')).toMatchObject({ code: 1, out: 'it is not paused\n', err: '' });
});

test('patterns name several, and a name that is none is refused', async () => {
	expect(await cli('pause', 'eu-*', '--json')).toMatchObject({ out: '{"paused":["eu-1","eu-2"]}\n' });
	expect(await cli('pause', 'us-1')).toMatchObject({ code: 2 });
	expect(await paused()).toEqual(['eu-1', 'eu-2']);
});

test('a source with several logs is paused with all of them', async () => {
	streamOf(store, { name: 'directory.signIns', fingerprint: 'f', destinations: ['siem'] });
	await cli('pause', 'directory');
	expect((await cli('status')).out).toMatch(/^directory\.signIns +paused/m);
});

test('one that is no longer configured can be resumed', async () => {
	await cli('pause', 'dr');
	writeFileSync(join(file.path, '..', 'audit-relay.yaml'), 'state: { path: state.db }\n');
	expect(await cli('resume', 'dr')).toMatchObject({ code: 0, out: 'resumed: dr\n' });
});
