/** All directed faults; those that leave the server alone side by side, because they mostly wait. */
import { failoverScenarios } from './failover';
import { leaseScenarios } from './leases';
import { pauseScenarios } from './pauses';
import { play, type Played, type Scenario, type Stage } from './scenario';
import { stoppedScenarios } from './stopped';

export const scenarios: readonly Scenario[] = [
	...stoppedScenarios,
	...leaseScenarios,
	...pauseScenarios,
	...failoverScenarios,
];

/** More of them would compete for processors, and the times that they measure would be of that. */
const SIDE_BY_SIDE = 3;

export async function playAll(
	chosen: readonly Scenario[],
	stage: Stage,
	tell: (played: Played) => void,
): Promise<Played[]> {
	const all: Played[] = [];
	const one = async (scenario: Scenario) => {
		const played = await play(scenario, stage);
		all.push(played);
		tell(played);
	};
	const waiting = chosen.filter(({ exchangesServer }) => !exchangesServer);
	const lane = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
	for (const scenario of chosen.filter(({ exchangesServer }) => exchangesServer)) await one(scenario);
	return all;
}
