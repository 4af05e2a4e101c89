/** The way of one worker to the database: a TCP proxy that can break as networks do. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Direction = 'to database' | 'to worker';

export interface Way {
	readonly port: number;
	/** Where new connections go. */
	leadTo(port: number): void;
	/** Resets all connections. */
	cut(): void;
	/** Resets every new connection too, for as long as it is so. */
	block(on: boolean): void;
	/** Takes what is sent, as a kernel does for a network that is gone, and passes it on only when the stall is over. */
	stall(direction: Direction | undefined): void;
	/** Keeps back statements with this text, each with all that follows it on its connection. Undefined: lets them go. */
	hold(text: string | undefined): void;
	/** How often something was kept back since the last `hold`. */
	readonly held: number;
	close(): Promise<void>;
}

interface Pipe {
	worker: Socket;
	database: Socket;
	isHeld: boolean;
	kept: Record<Direction, Buffer[]>;
}

/** @param onConnection told the port from which the database sees each connection */
export async function openWay(target: number, onConnection: (port: number) => void): Promise<Way> {
	const pipes = new Set<Pipe>();
	let stalled: Direction | undefined;
	let pattern: string | undefined;
	let isBlocked = false;
	let held = 0;

	const isKept = (pipe: Pipe, direction: Direction) =>
		stalled === direction || (direction === 'to database' && pipe.isHeld);

	function pass(pipe: Pipe, direction: Direction, chunk: Buffer): void {
		if (direction === 'to database' && pattern !== undefined && !pipe.isHeld && chunk.includes(pattern)) {
			pipe.isHeld = true;
			held++;
		}
		if (isKept(pipe, direction)) pipe.kept[direction].push(chunk);
		else if (direction === 'to database') pipe.database.write(chunk);
		else pipe.worker.write(chunk);
	}

	function flush(pipe: Pipe): void {
		for (const direction of ['to database', 'to worker'] as const) {
			if (isKept(pipe, direction)) continue;
			const to = direction === 'to database' ? pipe.database : pipe.worker;
			for (const chunk of pipe.kept[direction].splice(0)) to.write(chunk);
			const from = direction === 'to database' ? pipe.worker : pipe.database;
			if (from.destroyed) to.end();
		}
	}

	const server = createServer((worker) => {
		if (isBlocked) return void worker.resetAndDestroy();
		const database = connect(target, '127.0.0.1', () => onConnection(database.localPort!));
		const pipe: Pipe = { worker, database, isHeld: false, kept: { 'to database': [], 'to worker': [] } };
		pipes.add(pipe);
		worker.on('data', (chunk) => pass(pipe, 'to database', chunk));
		database.on('data', (chunk) => pass(pipe, 'to worker', chunk));
		const over = () => {
			// what was sent before still arrives, as it may on a real network
			flush(pipe);
			if (worker.destroyed && database.destroyed) pipes.delete(pipe);
		};
		for (const socket of [worker, database])
			socket
				.setNoDelay(true)
				.on('error', () => undefined)
				.on('close', over);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const cut = () => {
		for (const { worker, database } of pipes) {
			worker.resetAndDestroy();
			database.resetAndDestroy();
		}
	};
	return {
		port: (server.address() as AddressInfo).port,
		leadTo: (port) => (target = port),
		cut,
		block(on) {
			isBlocked = on;
			if (on) cut();
		},
		stall(direction) {
			stalled = direction;
			pipes.forEach(flush);
		},
		hold(text) {
			pattern = text;
			held = 0;
			if (text !== undefined) return;
			for (const pipe of pipes) pipe.isHeld = false;
			pipes.forEach(flush);
		},
		get held() {
			return held;
		},
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				cut();
			}),
	};
}
