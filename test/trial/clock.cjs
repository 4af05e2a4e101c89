/** Loaded before the command: its wall clock is off by what a file says, and jumps when the file changes, as after an NTP step. */
const { readFileSync } = require('node:fs');
const { setInterval } = require('node:timers');

const file = process.env.CHAOS_CLOCK;
const Real = Date;
const read = () => {
	try {
		return Number(readFileSync(file, 'utf8'));
	} catch {
		return 0;
	}
};
let offset = read();
setInterval(() => (offset = read()), 50).unref();

class Shifted extends Real {
	constructor(...args) {
		if (args.length > 0) super(...args);
		else super(Real.now() + offset);
	}
	static now() {
		return Real.now() + offset;
	}
}
globalThis.Date = Shifted;
