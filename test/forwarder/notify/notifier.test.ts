/** Who is told comes and goes while the process runs. */
import type { NotificationConfig } from '../../../forwarder/config/types';
import { startNotifier } from '../../../forwarder/notify/notifier';
import type { Posted } from '../../../forwarder/notify/post';
import type { Problem } from '../../../forwarder/notify/problem';
import { TestClock } from '../delivery/support/clock';
import { happens, memoryStore, MINUTE, notification, refusedSource } from './support';

function scene(configs: readonly NotificationConfig[]) {
	const clock = new TestClock();
	const store = memoryStore(() => clock.now());
	const sent: string[] = [];
	const shown: { problems: Problem[] } = { problems: [] };
	/** How the next requests are answered; then well. */
	const answers: Posted[] = [];
	let asked = 0;
	const notifier = startNotifier(configs, {
		...{ store, clock, env: {}, from: 'relay-1', id: 'one', report: () => undefined },
		look: async () => ({ ...shown, absence: () => 'over' }),
		send: async (to, body) => {
			const name = to === page ? 'page' : 'ops';
			asked++;
			const answer = answers.shift() ?? { ok: true };
			if (!answer.ok) return answer;
			const { begun, over } = body as Record<'begun' | 'over', Problem[]>;
			sent.push(`${name}: ${[...begun, ...over].map(({ source }) => source).join()}`);
			return { ok: true };
		},
	});
	return { clock, sent, shown, answers, asked: () => asked, notifier };
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

test('one that did not change is left alone for as long as its receiver refuses', async () => {
	const { clock, shown, sent, answers, asked, notifier } = scene([ops]);
	const refusal = { ok: false, retry: false, afterMs: 10 * MINUTE, reason: 'status 404' } as const;
	answers.push(refusal);
	shown.problems = [refusedSource('acme')];
	while (asked() === 0) await clock.pass(10_000);
	await happens(() => notifier.status()[0]!.failed === 1);
	notifier.change([ops, page]);
	// another that is told by the same looks
	while (sent.length === 0) await clock.pass(10_000);
	expect(sent).toEqual(['page: acme']);
	expect(asked()).toBe(2);
	await clock.until(notifier.end());
});

test('one that is removed repeats nothing', async () => {
	const { clock, shown, answers, asked, notifier } = scene([ops]);
	answers.push({ ok: false, retry: true, afterMs: 15_000, reason: 'status 429' });
	shown.problems = [refusedSource('acme')];
	while (asked() === 0) await clock.pass(10_000);
	notifier.change([]);
	await clock.pass(5 * MINUTE);
	expect(asked()).toBe(1);
	expect(notifier.status()).toEqual([]);
	await clock.until(notifier.end());
});
