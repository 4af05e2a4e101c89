/** A provider says when it may be asked again, and whoever heard it ends. */
import { until } from '../../e2e/support/wait';
import { wait, type Scenario } from './scenario';

const PAUSE_SECONDS = 12;

export const pauseScenarios: readonly Scenario[] = [
	{
		name: 'the owner is killed inside a Retry-After',
		async harm({ database, name, keys, disturbances, ...scene }, wrong) {
			const key = keys[0]!;
			const owner = (await scene.ownerOf(key.streams[0]!.name))!;
			const pause = await key.refuse(PAUSE_SECONDS);
			const written = async () => (await database.query(name, 'SELECT 1 FROM audit_relay.pauses')).length > 0;
			await until('the pause is written down', written, 5_000).catch(() =>
				wrong.push('the pause was not written down'),
			);
			disturbances.at('kill -9', { lives: [owner.life.number] });
			await owner.signal('SIGKILL');
			await wait(pause.to - Date.now());
			const asked = () => key.asked.filter(({ at }) => at > pause.to - 400);
			await until('it is asked again after the pause', () => asked().length > 0, 20_000);
			return `asked again ${((asked()[0]!.at - pause.to) / 1000).toFixed(1)} s after the pause of ${PAUSE_SECONDS} s`;
		},
	},
];
