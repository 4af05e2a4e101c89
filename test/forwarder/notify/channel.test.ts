import { happens, memoryStore, MINUTE, notification, refusedSource, scene, SECOND } from './support';
import { fixedSecret, SecretError } from '../../../forwarder/config/secrets';
import type { NotificationConfig } from '../../../forwarder/config/types';
import type { Problem } from '../../../forwarder/notify/problem';

const acme = refusedSource('acme');
const gaps: Problem = { rule: 'gaps', severity: 'degraded', source: 'acme', message: '1 gap (retention)' };

describe('when it begins and when it is over', () => {
	test('a source that is refused is told after a minute, once, and when it is over', async () => {
		const { during, said } = scene();
		await during(40 * SECOND, [acme]);
		expect(said()).toEqual([]);
		await during(10 * MINUTE, [acme]);
		expect(said()).toEqual(['begun: acme']);
		await during(MINUTE, []);
		expect(said()).toEqual(['begun: acme']);
		await during(2 * MINUTE, []);
		expect(said()).toEqual(['begun: acme', 'over: acme']);
	});

	test('a trouble that is over before it has lasted is never told', async () => {
		const { during, said } = scene();
		for (let round = 0; round < 5; round++) {
			await during(30 * SECOND, [acme]);
			await during(10 * SECOND, []);
		}
		expect(said()).toEqual([]);
	});

	test('a gap is told at once', async () => {
		const { during, said } = scene();
		await during(0, [gaps]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('what only needs a look is not told to who asks for the worst', async () => {
		const { during, said } = scene(notification({ severity: 'not_ready' }));
		await during(10 * MINUTE, [gaps, acme]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('a notification does not tell of its own failure, but of that of another', async () => {
		const failing = (name: string): Problem => ({
			...{ rule: 'notification_failing', severity: 'degraded', notification: name, message: 'status 404' },
		});
		const { during, bodies } = scene();
		await during(5 * MINUTE, [failing('ops'), failing('page')]);
		expect(bodies).toMatchObject([{ begun: [{ notification: 'page' }] }]);
	});
});

describe('never a storm', () => {
	const all = Array.from({ length: 300 }, (_, index) => refusedSource(`tenant-${index}`));

	test('one message for 300 tenants that are refused one after the other, within a minute', async () => {
		const { during, bodies } = scene();
		for (let some = 50; some < 300; some += 50) await during(0, all.slice(0, some));
		await during(20 * MINUTE, all);
		expect(bodies).toHaveLength(1);
		expect(bodies[0]).toMatchObject({ begun: { length: 300 } });
		for (let some = 250; some > 0; some -= 50) await during(0, all.slice(0, some));
		await during(20 * MINUTE, []);
		expect(bodies).toHaveLength(2);
		expect(bodies[1]).toMatchObject({ over: { length: 300 }, open: 0 });
	});

	test('those that come later wait until five minutes have passed since the message before', async () => {
		const { during, bodies } = scene();
		await during(2 * MINUTE, all.slice(0, 1));
		for (let some = 1; some < 20; some++) await during(0, all.slice(0, some));
		expect(bodies).toHaveLength(1);
		await during(10 * MINUTE, all.slice(0, 20));
		expect(bodies).toMatchObject([{ begun: { length: 1 } }, { begun: { length: 19 } }]);
	});

	test('one that comes and goes all day is told of twice, and then not as over', async () => {
		const { during, bodies } = scene();
		for (let round = 0; round < 24; round++) {
			await during(3 * MINUTE, [acme]);
			await during(3 * MINUTE, []);
		}
		expect(bodies).toHaveLength(3);
	});

	test('no more in a minute than is wanted: the rest stays due', async () => {
		const { during, bodies } = scene(notification({ type: 'pagerduty', perMinute: 1 }));
		await during(5 * MINUTE, [acme, gaps]);
		// the limiter goes by real time
		expect(bodies).toHaveLength(1);
	});
});

describe('a receiver that does not take it', () => {
	test('is asked again, and what is said then is what is so then', async () => {
		const { during, answers, said, reports, channel } = scene();
		answers.push(...Array.from({ length: 4 }, () => ({ ok: false, retry: true, reason: 'status 503' }) as const));
		await during(70 * SECOND, [acme]);
		expect(said()).toEqual([]);
		expect(channel.status).toMatchObject({ sent: 0, failed: 1, failure: { reason: 'status 503' } });
		await during(2 * MINUTE, [acme, refusedSource('globex')]);
		expect(said()).toEqual(['begun: acme, globex']);
		expect(reports).toEqual(['status 503', undefined]);
		expect(channel.status).toEqual({ name: 'ops', sent: 1, failed: 1 });
	});

	test('is asked after as long as it says', async () => {
		const { during, answers, clock, said } = scene();
		answers.push({ ok: false, retry: true, afterMs: 7 * SECOND, reason: 'status 429' });
		await during(80 * SECOND, [acme]);
		expect(clock.sleeps).toEqual([7 * SECOND]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('and not before, when that is long', async () => {
		const { during, answers, clock, said } = scene();
		answers.push({ ok: false, retry: true, afterMs: 10 * MINUTE, reason: 'status 429' });
		await during(10 * MINUTE, [acme]);
		expect(said()).toEqual([]);
		expect(clock.sleeps).toEqual([]);
		await during(2 * MINUTE, [acme]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('and asked all the same when it asks for a day: people wait for what it is told', async () => {
		const { during, answers, said } = scene();
		answers.push({ ok: false, retry: true, afterMs: 24 * 60 * MINUTE, reason: 'status 429' });
		await during(20 * MINUTE, [acme]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('is left alone for longer each time when it refuses', async () => {
		const { during, answers, channel } = scene();
		answers.push(...Array.from({ length: 1000 }, () => ({ ok: false, retry: false, reason: 'status 404' }) as const));
		await during(60 * MINUTE, [acme]);
		expect(channel.status.failed).toBeGreaterThan(5);
		expect(channel.status.failed).toBeLessThan(11);
	});
});

test('an address that cannot be read is said before there is something to tell, and so is that it is mended', async () => {
	const hook = { isThere: false };
	const read = async () => {
		if (!hook.isThere) throw new SecretError('file hook cannot be read (ENOENT)');
		return 'https://hooks.example';
	};
	const { during, said, reports, channel } = scene(notification({ url: { describe: () => 'file hook', read } }));
	await during(MINUTE, []);
	expect(channel.status.failure).toMatchObject({ reason: 'file hook cannot be read (ENOENT)' });
	await during(5 * MINUTE, [acme]);
	expect(said()).toEqual([]);
	hook.isThere = true;
	await during(MINUTE, [acme]);
	expect(said()).toEqual(['begun: acme']);
	expect(reports).toEqual(['file hook cannot be read (ENOENT)', undefined]);
});

describe('configured in another way while it runs', () => {
	const refusal = { ok: false, retry: false, reason: 'status 404' } as const;
	const elsewhere = (change: Partial<NotificationConfig> = {}) =>
		notification({ url: fixedSecret('https://other.example'), ...change });

	test('what the receiver of before refused goes to the new one at once', async () => {
		const { during, answers, senders, said, channel } = scene();
		answers.push(...Array.from({ length: 20 }, () => refusal));
		await during(30 * MINUTE, [acme]);
		answers.length = 0;
		const other = elsewhere();
		channel.change(other);
		expect(channel.status.failure).toBeUndefined();
		await during(0, [acme]);
		expect(said()).toEqual(['begun: acme']);
		expect(senders.at(-1)).toBe(other);
	});

	test('what was told is not told again, and the new receiver is told that it is over', async () => {
		const { during, said, channel, bodies } = scene();
		await during(2 * MINUTE, [acme]);
		channel.change(elsewhere({ type: 'slack' }));
		await during(10 * MINUTE, [acme]);
		expect(said()).toEqual(['begun: acme']);
		await during(3 * MINUTE, []);
		expect(bodies[1]).toMatchObject({ text: expect.stringContaining('over: source refused') as string });
	});

	test('a message that waits to be repeated is written anew for the new receiver', async () => {
		const { during, answers, bodies, senders, clock, channel } = scene();
		await during(50 * SECOND, [acme]);
		answers.push({ ok: false, retry: true, afterMs: 7 * SECOND, reason: 'status 429' });
		const telling = channel.tell({ problems: [acme], absence: () => 'over' });
		await happens(() => clock.sleeps.includes(7 * SECOND));
		const other = elsewhere({ type: 'slack' });
		channel.change(other);
		await telling;
		expect(bodies).toEqual([]);
		await during(0, [acme]);
		expect(bodies).toEqual([expect.objectContaining({ text: expect.stringContaining('acme') as string })]);
		expect(senders.at(-1)).toBe(other);
	});

	test('a message that is under way counts when it is taken', async () => {
		const { during, answers, said, channel, store, senders } = scene();
		await during(50 * SECOND, [acme]);
		let taken = (_: { ok: true }) => {};
		answers.push(new Promise((resolve) => (taken = resolve)));
		const telling = channel.tell({ problems: [acme], absence: () => 'over' });
		await happens(() => senders.length === 1);
		channel.change(elsewhere());
		taken({ ok: true });
		await telling;
		await during(10 * MINUTE, [acme]);
		expect(said()).toEqual(['begun: acme']);
		expect([...store.rows.keys()]).toEqual(['ops source_refused source acme']);
	});

	test('how long a trouble has lasted is not forgotten, and another patience holds at once', async () => {
		const { during, said, channel } = scene();
		await during(30 * SECOND, [acme]);
		channel.change(notification({ afterMs: { ...notification().afterMs, source_refused: 40 * SECOND } }));
		await during(10 * SECOND, [acme]);
		expect(said()).toEqual(['begun: acme']);
	});
});

describe('what was told outlives the process', () => {
	test('a restart tells nothing again, and tells that it is over', async () => {
		const { during, said, another } = scene();
		await during(2 * MINUTE, [acme, gaps]);
		const next = another('two');
		await during(5 * MINUTE, [acme, gaps], undefined, [next]);
		expect(said()).toEqual(['begun: acme', 'begun: acme']);
		await during(5 * MINUTE, [gaps], undefined, [next]);
		expect(said()).toEqual(['begun: acme', 'begun: acme', 'over: acme']);
	});

	test('a source that has not been polled since the start may still be refused', async () => {
		const { during, said, another } = scene();
		await during(2 * MINUTE, [acme]);
		const next = another('two');
		await during(20 * MINUTE, [], () => 'unknown', [next]);
		expect(said()).toEqual(['begun: acme']);
		await during(3 * MINUTE, [], () => 'over', [next]);
		expect(said()).toEqual(['begun: acme', 'over: acme']);
	});

	test('two workers tell once of a destination that both see halted, and it is over when both see it well', async () => {
		const halted: Problem = { rule: 'destination_halted', severity: 'not_ready', destination: 'siem', message: '403' };
		const { during, said, another, channel } = scene();
		const both = [channel, another('two')];
		await during(5 * MINUTE, [halted], undefined, both);
		expect(said()).toEqual(['begun: siem']);
		for (let passed = 0; passed < 30; passed++) {
			await during(0, [halted], undefined, [both[0]!]);
			await during(0, [], undefined, [both[1]!]);
		}
		expect(said()).toEqual(['begun: siem']);
		await during(5 * MINUTE, [], undefined, both);
		expect(said()).toEqual(['begun: siem', 'over: siem']);
	});

	test('a worker that comes second to tell looks first whether the other has told it', async () => {
		const { during, said, another, channel, store, clock } = scene();
		const { begin } = store;
		const telling: Promise<void>[] = [];
		// it has found something to tell before the first one has told it
		store.begin = async (name, who, forMs) => {
			if (who === 'two') await telling[0];
			return begin(name, who, forMs);
		};
		const next = another('two');
		await during(50 * SECOND, [acme], undefined, [channel, next]);
		await clock.pass(20 * SECOND);
		const looked = { problems: [acme], absence: () => 'over' as const };
		telling.push(channel.tell(looked), next.tell(looked));
		await clock.until(Promise.all(telling));
		expect(said()).toEqual(['begun: acme']);
	});

	test('after hours without any process, a destination that has not been tried yet is not said to be well', async () => {
		const halted: Problem = { rule: 'destination_halted', severity: 'not_ready', destination: 'siem', message: '403' };
		const { during, said, another, clock } = scene();
		await during(2 * MINUTE, [halted]);
		await clock.pass(120 * MINUTE);
		const next = another('two');
		await during(MINUTE, [], undefined, [next]);
		await during(5 * MINUTE, [halted], undefined, [next]);
		expect(said()).toEqual(['begun: siem']);
	});

	test('a source that another worker has taken over is not said to be well', async () => {
		const { during, said, another, channel } = scene();
		await during(2 * MINUTE, [acme]);
		const next = another('two');
		await during(10 * MINUTE, [acme], () => 'elsewhere', [channel, next]);
		await during(10 * MINUTE, [], () => 'elsewhere', [channel]);
		expect(said()).toEqual(['begun: acme']);
	});

	test('that the state cannot be asked is told too, once', async () => {
		const away: Problem = {
			rule: 'store_not_writable',
			severity: 'not_ready',
			message: 'the database does not answer',
		};
		const { during, said, store } = scene();
		store.isAway = true;
		await during(10 * MINUTE, [away]);
		expect(said()).toEqual(['begun: store_not_writable']);
		store.isAway = false;
		await during(MINUTE, [away]);
		expect([...store.rows.keys()]).toEqual(['ops store_not_writable']);
		await during(5 * MINUTE, []);
		expect(said()).toEqual(['begun: store_not_writable', 'over: store_not_writable']);
	});
});

test('the memory of this test keeps turns as the state does', async () => {
	const store = memoryStore(() => 0);
	expect([await store.begin('ops', 'a', 10), await store.begin('ops', 'b', 10)]).toEqual([true, false]);
});
