/**
 * Loaded before the command: it stops itself (SIGSTOP) just before a statement leaves it, so between its last look at the lease and the
 * commit, or just after, so before the answer. What it waits for stands in the file that `TRIAL_PAUSE` names: `before` or `after`, and the
 * words that the statement holds. The file gets another name when that happened.
 */
const { readFileSync, renameSync } = require('node:fs');
const { Socket } = require('node:net');
const { setImmediate } = require('node:timers');

const file = process.env.TRIAL_PAUSE;
const { write } = Socket.prototype;

function wanted(text) {
	try {
		const [when, ...words] = readFileSync(file, 'utf8').split('\n');
		return words.every((word) => text.includes(word)) ? when : undefined;
	} catch {
		return undefined;
	}
}

function stop() {
	renameSync(file, `${file}.done`);
	process.kill(process.pid, 'SIGSTOP');
	// until the signal has arrived
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}

Socket.prototype.write = function (chunk, ...rest) {
	const isStatement =
		chunk instanceof Uint8Array && chunk.length > 50 && /WITH (fence|held) AS/.test(chunk.toString('latin1'));
	const when = isStatement ? wanted(chunk.toString('latin1')) : undefined;
	if (when === 'before') stop();
	const written = write.call(this, chunk, ...rest);
	if (when === 'after') setImmediate(stop);
	return written;
};
