/** Who is told comes and goes while the process runs. */
import type { NotificationConfig } from '../../../forwarder/config/types';
import { startNotifier } from '../../../forwarder/notify/notifier';
import type { Problem } from '../../../forwarder/notify/problem';
import { TestClock } from '../delivery/support/clock';
import { happens, memoryStore, MINUTE, notification, refusedSource } from './support';

function scene(configs: readonly NotificationConfig[]) {
	const clock = new TestClock();
	const store = memoryStore(() => clock.now());
	const sent: string[] = [];
	const shown: { problems: Problem[] } = { problems: [] };
	const notifier = startNotifier(configs, {
		...{ store, clock, env: {}, from: 'relay-1', id: 'one', report: () => undefined },
		look: async () => ({ ...shown, absence: () => 'over' }),
		send: async (to, body) => {
			const name = to === page ? 'page' : 'ops';
			const { begun, over } = body as Record<'begun' | 'over', Problem[]>;
			sent.push(`${name}: ${[...begun, ...over].map(({ source }) => source).join()}`);
			return { ok: true };
		},
	});
	return { clock, sent, shown, notifier };
}

const [ops, page] = [notification(), notification({ name: 'page' })];

test('one that is added is told what is wrong now; one that did not change is told nothing again', async () => {
	const { clock, sent, shown, notifier } = scene([ops]);
	shown.problems = [refusedSource('acme')];
	await clock.pass(3 * MINUTE);
	await happens(() => sent.length === 1);
	notifier.change([ops, page]);
	await clock.pass(3 * MINUTE);
	await happens(() => sent.length === 2);
	expect(sent).toEqual(['ops: acme', 'page: acme']);
	await happens(() => notifier.status().every(({ sent }) => sent === 1));
	await clock.until(notifier.end());
});

test('one that is removed is told no more; added again it goes on from what it was told', async () => {
	const { clock, sent, shown, notifier } = scene([ops, page]);
	shown.problems = [refusedSource('acme')];
	await clock.pass(3 * MINUTE);
	await happens(() => sent.length === 2);
	notifier.change([ops]);
	shown.problems = [refusedSource('acme'), refusedSource('beta')];
	await clock.pass(10 * MINUTE);
	await happens(() => sent.length === 3);
	expect(sent).toEqual(['ops: acme', 'page: acme', 'ops: beta']);
	expect(notifier.status().map(({ name }) => name)).toEqual(['ops']);
	notifier.change([ops, page]);
	await clock.pass(3 * MINUTE);
	await happens(() => sent.length === 4);
	expect(sent.slice(3)).toEqual(['page: beta']);
	await clock.until(notifier.end());
});
