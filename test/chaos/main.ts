/** One trial from its seed to its verdict. */
import { canaries, findLeaks } from './canaries';
import { dice, Tally } from '../trial/dice';
import { drain, readLetters } from './drain';
import { kills } from './kills';
import { HELP, trialOptions, type TrialOptions } from './options';
import { startProviders } from './providers';
import { startChaosReceiver } from '../trial/receiver';
import { isGood, jsonLine, table, type Result } from './report';
import { createScene, SECRET_FILE } from './scene';
import { traffic } from './traffic';
import { liveOnce, type History, type Stage } from './trial';
import type { Watch } from './trigger';
import { judge } from '../trial/verdict';

/** Events that are there before the first start: several pages at each provider. */
const BACKLOG_GROUPS = 400;

/** Returns the exit code. */
export async function main(args: string[]): Promise<number> {
	const options = trialOptions(args);
	if (!options) {
		console.log(HELP);
		return 0;
	}
	console.log(`chaos: seed ${options.seed}, ${options.kills} kills, at most ${options.minutes} minutes of them`);
	const { result, folder } = await trial(options);
	console.log(`\n${table(result)}`);
	if (options.keep) console.log(`kept: ${folder}`);
	console.log(jsonLine(result));
	return isGood(result) ? 0 : 1;
}

async function trial(options: TrialOptions): Promise<{ result: Result; folder: string }> {
	const { seed } = options;
	const begun = Date.now();
	const planted = canaries(seed);
	const watch: Watch = { on: () => undefined };
	const providers = await startProviders(seed, planted, () => watch.on('request at a provider'));
	const events = traffic(providers.logs, seed, options.rate);
	const receiver = await startChaosReceiver(seed, events.poisoned, {
		onRequest: () => watch.on('request at the receiver'),
		onStored: () => watch.on('batch stored'),
		onAnswered: () => watch.on('answer sent'),
	});
	const scene = createScene(planted, providers, receiver.url, options.dist);
	const around = new Tally();
	const stage: Stage = { scene, providers, receiver, watch, faults: around, draw: dice(seed, 'lives') };
	const history: History = { lives: [], cutOff: new Set(), troubles: [], starts: 0 };
	try {
		events.backlog(BACKLOG_GROUPS);
		events.start();
		while (history.lives.length < options.kills && Date.now() - begun < options.minutes * 60_000) {
			await liveOnce(stage, history);
			const { number, kind, killedBy, ms } = history.lives.at(-1)!;
			console.log(`${String(history.lives.length).padStart(3)}  start ${number}, ${kind}: ${killedBy} (${ms} ms)`);
			if (history.troubles.length > 5) break;
		}
		await drain(stage, history, events);
		around.add('SIGKILL', history.cutOff.size);
		const letters = readLetters(scene.state);
		const truth = providers.truth();
		const killed = kills(history.cutOff);
		const result: Result = {
			options,
			history,
			verdict: judge({ truth, copies: receiver.copies, letters, causeOf: killed.causeOf }),
			perKill: history.lives.map(({ number }) => killed.copies.get(number) ?? 0),
			leaks: findLeaks(scene.folder, planted, [SECRET_FILE]),
			faults: { providers: providers.faults, receiver: receiver.faults, machine: around },
			letters,
			disk: scene.disk.kind,
			seconds: (Date.now() - begun) / 1000,
		};
		return { result, folder: scene.folder };
	} finally {
		events.stop();
		await Promise.all([providers.close(), receiver.close()]);
		scene.end(options.keep);
	}
}
