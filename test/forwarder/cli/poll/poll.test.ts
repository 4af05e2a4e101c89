/** Asked of the process that runs with the configuration. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPoll, addProbe } from '../../../../forwarder/cli/poll/poll';
import { socketDoor } from '../../../../forwarder/server/http/doors';
import { jsonReply, plainReply, Refused, type Handler } from '../../../../forwarder/server/http/exchange';
import { openSocket } from '../../../../forwarder/server/socket';
import { stateFile, type StateFile } from '../../../support/stateFile';
import { runCli } from '../runCli';

let file: StateFile;
let config: string;
beforeEach(() => {
	file = stateFile(() => 0);
	file.open();
	config = join(file.path, '..', 'audit-relay.yaml');
	writeFileSync(config, 'state: { path: state.db }\nsources:\n  - { name: dr }\ndestinations:\n  - { name: siem }\n');
});
afterEach(() => file.remove());

const cli = (...args: string[]) => runCli(args, { cwd: join(file.path, '..') }, [addPoll, addProbe]);

async function running(): Promise<{ asked: string[]; close(): Promise<void> }> {
	const asked: string[] = [];
	const answer: Handler = ({ path, by, params }) => {
		if (params['name'] === 'erp') throw new Refused(409, 'erp is paused', 'Resume it');
		asked.push(`${by}: ${path}`);
		return jsonReply({ ok: true, message: 'now' });
	};
	const routes = {
		'/livez': { GET: () => plainReply(200, 'ok') },
		'/api/v1/sources/:name/poll': { POST: answer },
		'/api/v1/destinations/:name/probe': { POST: answer },
	};
	const place = { statePath: file.path, configPath: config, env: {} };
	const { close } = await openSocket(place, { routes, door: socketDoor });
	return { asked, close };
}

test('the process is told what is wanted and by whom, and its answer is printed', async () => {
	const { asked, close } = await running();
	expect(await cli('poll', 'dr')).toMatchObject({ code: 0, out: 'now\n' });
	expect(await cli('probe', 'siem', '--json')).toMatchObject({ code: 0, out: '{"ok":true,"message":"now"}\n' });
	expect(asked).toEqual(['ada: /api/v1/sources/dr/poll', 'ada: /api/v1/destinations/siem/probe']);
	const refused = await cli('poll', 'erp');
	expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('erp is paused. Resume it') as string });
	await close();
});

test('without a process there is nobody to do it, and a destination that is none is not asked for', async () => {
	expect(await cli('poll', 'dr')).toMatchObject({
		code: 1,
		err: expect.stringContaining('no audit-relay runs') as string,
	});
	expect(await cli('probe', 'lake')).toMatchObject({ code: 2 });
});
