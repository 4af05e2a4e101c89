/** The real command with its console, on simulated providers and a simulated receiver. */
import { start, type Running } from '../../../support/command';
import { scene, type Scene } from '../../../support/scene';
import type { SandboxOptions } from '../../../../sandbox/scenario';
import { freePort } from '../../support/port';
import { until } from '../../support/wait';

export interface Served {
	here: Scene;
	url: string;
	/** Also again, after `stop`: at the same address. */
	start(): Promise<void>;
	/** Writes the configuration again; for a start, or a reload. */
	configure(edit: (yaml: string) => string): void;
	/** Resolves when it is in its log. */
	says(text: string): Promise<void>;
	/** As a crash would. */
	kill(): Promise<void>;
	end(): Promise<void>;
}

export const TOKEN = 'the-token-of-the-test';
export const LOGIN = { username: 'operator', password: TOKEN };

export interface ServedOptions extends SandboxOptions {
	/** Of the configuration. */
	edit?: (yaml: string) => string;
	/** Whoever looks has to say who he is, and may act. */
	withLogin?: boolean;
}

export async function served({ edit = (yaml) => yaml, withLogin, ...sandbox }: ServedOptions = {}): Promise<Served> {
	const here = await scene(sandbox);
	const port = await freePort();
	const auth = withLogin ? ', auth: { token: "${env:CONSOLE_TOKEN}" }' : '';
	const server = `server: { listen: "127.0.0.1:${port}"${auth} }`;
	const withServer = (yaml: string) => yaml.replace('server:\n  enabled: false', server);
	here.configure((yaml) => edit(withServer(yaml)));
	Object.assign(here.options.env, { CONSOLE_TOKEN: TOKEN, WRONG_KEY: 'wrong' });
	let daemon: Running | undefined;
	let log = '';
	const kill = async () => {
		daemon?.process.kill('SIGKILL');
		await daemon?.finished;
		daemon = undefined;
	};
	return {
		here,
		url: `http://127.0.0.1:${port}/`,
		async start() {
			daemon = start(['run'], here.options);
			daemon.process.stderr!.on('data', (text: string) => (log += text));
			await daemon.says('status server listens');
		},
		configure: (again) => here.configure((yaml) => again(withServer(yaml))),
		says: (text) =>
			until(
				`the log says ${text}`,
				() => log.includes(text),
				30_000,
				() => log,
			),
		kill,
		async end() {
			await kill();
			await here.end();
		},
	};
}
