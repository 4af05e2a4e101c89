/** Two workers on one database, each with its console. */
import '../../postgres/installed';
import type { Overview } from '../../../../forwarder/server/api/types';
import { run, start } from '../../../support/command';
import { startPostgres } from '../../../support/postgres';
import { scene, type Scene } from '../../../support/scene';
import { TOKEN } from './served';

export interface Worker {
	id: string;
	url: string;
	/** As a crash would. */
	kill(): Promise<void>;
}

export interface Cluster {
	here: Scene;
	workers: readonly [Worker, Worker];
	/** `audit-relay cluster …` */
	command(...args: string[]): Promise<void>;
	end(): Promise<void>;
}

export async function cluster(): Promise<Cluster> {
	const server = await startPostgres();
	const here = await scene();
	const database = 'url: "${env:STATE_URL}"\n  lease: { ttl: 3s }';
	const listen = 'listen: "127.0.0.1:0"\n  auth: { token: "${env:CONSOLE_TOKEN}" }';
	here.configure((yaml) => yaml.replace('path: ./audit-relay.db', database).replace('enabled: false', listen));
	Object.assign(here.options.env, { STATE_URL: server.url(), CONSOLE_TOKEN: TOKEN });
	const workers = [await worker(here), await worker(here)] as const;
	return {
		here,
		workers,
		async command(...args) {
			const { code, stderr } = await run(['cluster', ...args], here.options);
			if (code !== 0) throw new Error(`cluster ${args.join(' ')}: ${code} ${stderr}`);
		},
		async end() {
			for (const { kill } of workers) await kill();
			await here.end();
			await server.end();
		},
	};
}

async function worker({ options }: Scene): Promise<Worker> {
	const daemon = start(['run'], options);
	let said = '';
	daemon.process.stderr!.on('data', (text: string) => (said += text));
	await Promise.all([daemon.says('status server listens'), daemon.says('"started"')]);
	const [, url = ''] = /"url.full":"([^"]+)"/.exec(said)!;
	const answer = await fetch(`${url}/api/v1/overview`, { headers: { authorization: `Bearer ${TOKEN}` } });
	const { process } = (await answer.json()) as Overview;
	return {
		...{ id: process.worker!.id, url: `${url}/` },
		async kill() {
			daemon.process.kill('SIGKILL');
			await daemon.finished;
		},
	};
}
