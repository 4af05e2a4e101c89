/** A source or a destination that is taken out of the configuration while its events still wait. */
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
beforeEach(async () => (here = await scene()));
afterEach(() => here.end());

const once = () => run(['run', '--once', '--give-up-after', '300ms'], here.options);
const events = () => here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap');

/** Everything is read and nothing is shipped. */
async function readWithoutReceiver(): Promise<void> {
	here.sandbox.receiver!.setAnswers(() => ({ kind: 'status', status: 503 }));
	expect(await once()).toMatchObject({ code: 1 });
	here.sandbox.receiver!.setAnswers(undefined);
}

test('what a removed source left in the outbox is shipped anyway, and holds nobody up', async () => {
	await readWithoutReceiver();
	here.configure((yaml) => yaml.replace(/ {2}- name: dr[^]*?(?= {2}- name: erp)/, ''));
	expect(await once()).toMatchObject({ code: 0 });
	const services = events().map(({ resource }) => resource['service.name']);
	expect(services.filter((name) => name === 'arpio')).toHaveLength(17);
	expect(services).toHaveLength(51);
	const tenant = events().find(({ resource }) => resource['service.name'] === 'arpio')!.resource['service.instance.id'];
	expect(tenant).toBe(here.sandbox.arpio.accountId);
});

test('a removed destination: once ends with 1 and says so, until it is forgotten; gap records say what was given up', async () => {
	await readWithoutReceiver();
	here.configure((yaml) => yaml.replace('name: siem', 'name: lake'));
	const before = await once();
	expect(before.code).toBe(1);
	expect(before.stderr).toMatch(/destination siem is no longer configured, and 54 records wait.*state forget siem/);

	expect(await run(['state', 'forget', 'lake', '--yes'], here.options)).toMatchObject({ code: 2 });
	const forgotten = await run(['state', 'forget', 'siem', '--yes', '--json'], here.options);
	expect(JSON.parse(forgotten.stdout)).toEqual({ destination: 'siem', records: 54, events: 51 });
	expect(await run(['state', 'forget', 'siem', '--yes'], here.options)).toMatchObject({ code: 1 });

	expect(await once()).toMatchObject({ code: 0 });
	const gaps = here.sandbox.receiver!.stored.filter(({ attributes }) => attributes['audit.gap.reason'] === 'skipped');
	expect(gaps.map(({ resource }) => resource['service.name']).sort()).toEqual(['arcus', 'arpio', 'auditapi']);
	expect(events()).toHaveLength(0);
});
