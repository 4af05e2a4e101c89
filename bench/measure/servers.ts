/** Provider and receiver as child processes, told what to do by messages. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Serve, Served } from '../servers/provider';
import type { Expect, Received } from '../servers/receiver';

interface Message {
	port?: number;
	ready?: true;
	first?: number;
	served?: Served;
	done?: Received;
	received?: Received;
}

export interface Servers {
	/** URLs. */
	provider: string;
	receiver: string;
	/** Made ready for one run. `first`: the provider was asked for the first time. `done`: the last record has arrived. */
	prepare(serve: Serve, expect: Expect): Promise<{ first: Promise<void>; done: Promise<Received> }>;
	served(): Promise<Served>;
	received(): Promise<Received>;
	close(): void;
}

/** @param dist folder of the bundled programs */
export async function startServers(dist: string): Promise<Servers> {
	const provider = fork(join(dist, 'servers/provider.mjs'));
	const receiver = fork(join(dist, 'servers/receiver.mjs'));
	// a run that ships nothing leaves its wait for the last record behind
	receiver.setMaxListeners(0);
	const [{ port: providerPort }, { port: receiverPort }] = await Promise.all([
		next(provider, 'port'),
		next(receiver, 'port'),
	]);
	return {
		provider: `http://127.0.0.1:${providerPort}`,
		receiver: `http://127.0.0.1:${receiverPort}`,
		async prepare(serve, expect) {
			const ready = Promise.all([next(provider, 'ready'), next(receiver, 'ready')]);
			provider.send({ serve });
			receiver.send({ expect });
			await ready;
			return {
				first: next(provider, 'first').then(() => undefined),
				done: next(receiver, 'done').then(({ done }) => done!),
			};
		},
		async served() {
			const answer = next(provider, 'served');
			provider.send('served');
			return (await answer).served!;
		},
		async received() {
			const answer = next(receiver, 'received');
			receiver.send('received');
			return (await answer).received!;
		},
		close() {
			provider.kill();
			receiver.kill();
		},
	};
}

function next(child: ChildProcess, key: keyof Message): Promise<Message> {
	return new Promise((resolve) => {
		const look = (message: Message) => {
			if (!(key in message)) return;
			child.off('message', look);
			resolve(message);
		};
		child.on('message', look);
	});
}
