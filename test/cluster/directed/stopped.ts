/** A process stops between its last look at the lease and the commit, and goes on when another one has its shard. */
import { until } from '../../e2e/support/wait';
import { owners } from '../audit';
import { isOf } from '../ownership';
import type { Scene } from '../scene';
import { wait, type Scenario } from './scenario';

/** Words of the statements. */
const PAGE = ['"audit_relay".batches', 'WITH fence AS'];
const ACKNOWLEDGEMENT = ['"audit_relay".cursors', 'SET acked', 'WITH held AS'];

async function stopped(scene: Scene, when: 'before' | 'after', words: readonly string[]): Promise<string> {
	const { database, name, events, disturbances, streams } = scene;
	const stream = streams[0]!;
	const [worker, shard] = [(await scene.ownerOf(stream.name))!, await scene.shard(stream.name)];
	const { pid } = worker.life.run;
	const stops = worker.stopsItself(when, words);
	const over = disturbances.begin('stopped', { lives: [worker.life.number] });
	events.once([stream]);
	await stops;
	const at = Date.now();
	await until('another worker has its shard', async () => {
		const owner = (await owners(database, name)).get(shard)!;
		return owner !== null && !isOf(owner, pid);
	});
	const after = Date.now() - at;
	await worker.signal('SIGCONT');
	await wait(2 * scene.beatMs);
	over();
	events.once([stream]);
	return `taken after ${(after / 1000).toFixed(1)} s`;
}

export const stoppedScenarios: readonly Scenario[] = [
	{ name: 'stopped just before a commit', harm: (scene) => stopped(scene, 'before', PAGE) },
	{ name: 'stopped inside a commit', harm: (scene) => stopped(scene, 'after', PAGE) },
	{ name: 'stopped just before an acknowledgement', harm: (scene) => stopped(scene, 'before', ACKNOWLEDGEMENT) },
	{ name: 'stopped inside an acknowledgement', harm: (scene) => stopped(scene, 'after', ACKNOWLEDGEMENT) },
];
