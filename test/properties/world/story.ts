/** Lets the commands of a setup happen, then lets the world calm down, and checks what must hold at the end. */
import { fromMillis } from '../../../core/time';
import type { Outcome } from '../tools/check';
import type { Aside, Command, Setup, When } from './commands';
import { describeFacts } from './ledger';
import { World } from './world';

const HOUR = 3_600_000;

/** At the end the world calms down for so long, with an event in each round. */
export const ROUNDS = 3;

export async function tell(setup: Setup): Promise<Outcome> {
	const world = new World(setup);
	try {
		return await new Story(world).whole();
	} finally {
		world.close();
	}
}

/** The ids that arrived, each as often as it did. */
export async function delivered(setup: Setup): Promise<string[]> {
	const world = new World(setup);
	try {
		await new Story(world).whole();
		return [...world.receiver.copies].flatMap(([id, copies]) => Array<string>(copies).fill(id)).sort();
	} finally {
		world.close();
	}
}

class Story {
	#count = 0;

	constructor(readonly world: World) {}

	async whole(): Promise<Outcome> {
		const { setup, clock } = this.world;
		for (const ageMs of setup.history) this.#add(clock.now() - ageMs, clock.now() - ageMs, 1, false);
		for (const command of setup.commands) {
			await this.#do(command);
			this.#stopOnViolation();
		}
		await this.#calmDown();
		this.#stopOnViolation();
		return this.#atTheEnd();
	}

	async #do(command: Command): Promise<void> {
		const { world } = this;
		switch (command.do) {
			case 'poll':
			case 'both':
				world.during.push(...command.during.map((aside) => () => this.#aside(aside)));
				if (command.do === 'poll') await world.poll();
				else await world.pollAndDeliver();
				for (const rest of world.during.splice(0)) rest();
				return;
			case 'deliver':
				await world.deliver();
				return;
			case 'reconfigure':
				Object.assign(world.config.sizes, { pageSize: command.pageSize, maxPageSize: command.pageSize * 4 });
				world.config.pollIntervalMs = command.intervalMs;
				world.restart();
				return;
			case 'crash':
				world.faults.count('command: crash');
				world.restart();
				world.looker.afterRestart();
				return;
			default:
				this.#aside(command);
		}
	}

	#aside(command: Aside): void {
		const { clock, sim, ledger, looker } = this.world;
		switch (command.do) {
			case 'add': {
				const { at, visibleAt } = this.#times(command.when);
				// the same instant as another event is never a coarser one
				const grain = command.when.kind === 'sameAs' ? 1 : command.grain;
				for (let n = 0; n < command.count; n++) this.#add(at, visibleAt, grain, command.invalid);
				return;
			}
			case 'remove': {
				const shown = sim.api.log.visible(clock.now());
				if (shown.length === 0 || sim.deletionHides()) return;
				const { id } = shown[command.which % shown.length]!;
				sim.api.log.remove(id);
				const fact = ledger.facts.get(id)!;
				fact.goneAt = Math.min(fact.goneAt, clock.now());
				looker.disturbed();
				return;
			}
			case 'switch':
				sim.set(command.to);
				looker.disturbed();
				return;
			case 'wait':
				clock.advance(command.ms);
				return;
		}
	}

	/** True times. */
	#times(when: When): { at: number; visibleAt: number } {
		const { clock, config, sim } = this.world;
		const now = clock.now();
		const lateness = config.latenessMs;
		switch (when.kind) {
			case 'late':
				return spread(when.by * lateness, when.hidden);
			case 'tooLate':
				return spread(lateness + 1 + when.by * HOUR, when.hidden);
			case 'postDated':
				return { at: now + when.hours * HOUR, visibleAt: now };
			case 'sameAs': {
				const all = sim.api.log.all();
				const other = all[all.length - 1 - (when.which % Math.max(1, all.length))];
				return { at: other ? other.micros / 1000 - this.world.setup.skewMs : now, visibleAt: now };
			}
		}
		function spread(by: number, hidden: number): { at: number; visibleAt: number } {
			return { at: now - Math.floor(by * (1 - hidden)), visibleAt: now + Math.floor(by * hidden) };
		}
	}

	#add(at: number, visibleAt: number, grain: number, invalid: boolean): void {
		const { sim, setup, ledger, config } = this.world;
		const id = `event-${this.#count++}`;
		let micros = Math.floor(Math.round((at + setup.skewMs) * 1000) / grain) * grain;
		// in a bare array, one instant that fills a page cannot be read at all, and elements without a time say nothing
		if ('envelope' in setup.fixed && setup.fixed.envelope === 'array') {
			invalid = false;
			while (sim.api.log.all().some((other) => other.micros === micros)) micros++;
		}
		sim.api.log.add({ ...sim.event(id, micros), ...(invalid && { raw: sim.invalid(id) }), visibleAt });
		const time = BigInt(micros) * 1000n;
		ledger.facts.set(id, {
			id,
			time,
			visibleAt,
			goneAt: micros / 1000 + setup.retentionMs,
			promised:
				time >= config.start && fromMillis(Math.ceil(visibleAt + setup.skewMs)) <= time + fromMillis(config.latenessMs),
			invalid,
		});
	}

	/** Faults stop and time passes: now everything has to come to rest by itself. */
	async #calmDown(): Promise<void> {
		const { world } = this;
		const { clock, faults, sim, ledger, config } = world;
		faults.stop();
		sim.calm();
		for (let round = 0; round < ROUNDS; round++) {
			clock.advance(config.latenessMs + HOUR);
			// a stream that went blind would not be missed by events that it has shipped already
			this.#add(clock.now(), clock.now(), 1, false);
			// a walk that was left with an outdated position may need one poll to find that out
			if (!(await world.poll()) && round > 0)
				ledger.violated('I1', `a poll fails although nothing is wrong: ${world.lastFailure}`);
			if (!(await world.deliver())) ledger.violated('I1', 'a delivery fails although nothing is wrong');
		}
	}

	#atTheEnd(): Outcome {
		const { world } = this;
		const { ledger, receiver, clock, faults, looker } = world;
		const missing = ledger.missing(clock.now());
		if (missing.length > 0) ledger.violated('I1', `lost: ${describeFacts(missing)}`);
		const dead = looker.deadLetters();
		const nowhere = [...ledger.safe].filter((id) => !receiver.copies.has(id) && !dead.has(id));
		if (nowhere.length > 0) ledger.violated('I1', `called safe and nowhere: ${nowhere.join(', ')}`);
		// only what hits the receiver, the outbox or the process can cause copies
		const excuses = faults.happened(/crash|^send|^sent|^outbox/);
		const shipped = [...receiver.copies].filter(([id]) => ledger.facts.has(id));
		const tooOften = shipped.filter(([, copies]) => copies > 1 + excuses);
		if (tooOften.length > 0) ledger.violated('I4', `${tooOften.join('; ')} copies with ${excuses} faults`);
		for (const [id] of shipped) {
			if (receiver.bodies.get(id) !== ledger.texts.get(id)) ledger.violated('I15', `${id} has another text`);
		}
		this.#stopOnViolation();
		return {
			events: ledger.facts.size,
			lost: missing.length,
			unexplained: tooOften.length,
			copies: shipped.reduce((sum, [, copies]) => sum + copies - 1, 0),
			faults: faults.happened(),
			crashes: faults.happened(/crash/),
			pages: looker.pages,
		};
	}

	#stopOnViolation(): void {
		const { violations } = this.world.ledger;
		if (violations.length > 0) throw new Error(violations.slice(0, 5).join('\n'));
	}
}
