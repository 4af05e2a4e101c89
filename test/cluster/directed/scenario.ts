/** A fault that is done on purpose at the one moment at which it could do harm. */
import type { Database } from '../database';
import { openScene, type Scene, type SceneOptions } from '../scene';
import { conclude, type Outcome } from '../verdict';

export interface Scenario {
	name: string;
	/** It exchanges the server, so no other scenario may be using it. */
	exchangesServer?: boolean;
	scene?: Partial<SceneOptions>;
	/** Does the harm. What it returns is a fact for the table; what it throws, or pushes to `wrong`, must not be. */
	harm(scene: Scene, wrong: string[]): Promise<string | ((outcome: Outcome, wrong: string[]) => string)>;
}

export interface Stage {
	database: Database;
	dist: string;
	seed: number;
	keep: boolean;
	/** Do not wait for what will not arrive. */
	impatient?: boolean;
}

export interface Played {
	name: string;
	seconds: number;
	events: number;
	fact: string;
	copies: number;
	wrong: string[];
}

/** One key of each kind: six streams. */
const SMALL = { keys: 3, labels: ['auditapi', 'arpio', 'arcus'] } as const;

export async function play({ name, scene: own, harm }: Scenario, stage: Stage): Promise<Played> {
	const began = Date.now();
	const { database, dist, seed, keep, impatient } = stage;
	const id = `t_${name.replaceAll(/[^a-z]+/g, '_')}`;
	const played: Played = { name, seconds: 0, events: 0, fact: '', copies: 0, wrong: [] };
	const options: SceneOptions = { ...SMALL, poisonRate: 0, ...own, database, name: id, dist, seed };
	let scene: Scene | undefined;
	try {
		scene = await openScene(options);
		await scene.balanced();
		if (!(await scene.arrived())) throw new Error('what was there before did not arrive');
		const said = await harm(scene, played.wrong);
		const outcome = await conclude(scene, impatient ? 15_000 : undefined);
		played.wrong.push(...outcome.wrong);
		played.events = outcome.verdict.events;
		played.copies = outcome.verdict.extraCopies;
		played.fact = typeof said === 'string' ? said : said(outcome, played.wrong);
	} catch (error) {
		played.wrong.push((error as Error).stack ?? String(error));
	} finally {
		const isKept = keep && played.wrong.length > 0;
		await scene?.close(isKept);
		if (isKept && scene) played.wrong.push(`kept: ${scene.folder}`);
	}
	return { ...played, seconds: Math.round((Date.now() - began) / 1000) };
}

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(0, ms)));
