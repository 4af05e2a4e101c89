/** Declared providers in n8n: each one that is built in, and one that somebody pastes. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { AuditLog } from '../../nodes/AuditLog/AuditLog.node';
import { AuditLogTrigger } from '../../nodes/AuditLog/AuditLogTrigger.node';
import { builtIn } from '../../nodes/AuditLog/providers';
import { recordOf } from '../../core/record/attributes';
import type { SourceEvent } from '../../core/contract';
import { execute, rows } from './support/context';
import { declaredScene, type DeclaredScene } from './support/declared';
import { poller } from './support/poller';
import { shipping, type Shipping } from './support/receiver';
import type { World } from './support/world';

const node = new AuditLog();
const trigger = new AuditLogTrigger();

let shippingScene: Shipping;
let world: World;
beforeEach(async () => {
	shippingScene = await shipping();
	({ world } = shippingScene);
});
afterEach(() => shippingScene.end());

const sorted = (texts: unknown[]) => [...texts].sort();

/** As the forwarder would make it of the same text. */
function recordsOf({ provider }: DeclaredScene, texts: readonly string[]) {
	return texts.map((raw) => recordOf(provider, provider.event({ raw, json: JSON.parse(raw) }) as SourceEvent));
}

describe.each(builtIn.map((declaration) => [declaration.title, declaration] as const))('%s', (_title, declaration) => {
	let scene: DeclaredScene;
	const listed = (more: INodeParameters = {}) => rows(world, node, { ...scene.parameters, ...more });
	const ship = async (items: IDataObject[], given = {}) => {
		const { rejected } = await shippingScene.ship(items, given);
		expect(rejected).toEqual([]);
		return shippingScene.arrived();
	};

	beforeEach(() => {
		scene = declaredScene(world, declaration);
		for (let minutes = 1; minutes <= 400; minutes++) scene.happen(minutes * 20);
	});

	it('lists the last week, each event once', async () => {
		const items = await listed({ returnAll: true, options: { includeRaw: true } });
		expect(sorted(items.map(({ raw }) => raw))).toEqual(sorted(scene.texts()));
		expect(scene.api.complaints).toEqual([]);
		expect(items[0]).toMatchObject({ source: scene.provider.label, severityNumber: expect.any(Number) as number });
	});

	it('lists a span, and no more than the limit', async () => {
		const at = (minutesAgo: number) => new Date(world.clock.now() - minutesAgo * 60_000).toISOString();
		const filters = { createdAfter: at(410), createdBefore: at(190) };
		const all = await listed({ returnAll: true, filters, options: { includeRaw: true, pageSize: 5 } });
		expect(sorted(all.map(({ raw }) => raw))).toEqual(sorted(scene.texts().slice(-20, -9)));
		expect(await listed({ limit: 3, filters })).toHaveLength(3);
		expect(world.requests.length).toBeGreaterThan(1);
	});

	it('gives files with the same items', async () => {
		const all = await listed({ limit: 7 });
		const parameters = { ...scene.parameters, limit: 7, output: 'ndjson', eventsPerFile: 5 };
		const { output } = await execute(world, node, { parameters });
		const lines = output.flatMap(({ binary }) =>
			Buffer.from(binary!.data!.data, 'base64').toString().trimEnd().split('\n'),
		);
		expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(all);
	});

	it('starts a workflow on each event once, the late ones too', async () => {
		const polls = poller(world, trigger, { ...scene.parameters, options: { includeRaw: true, health: 'day' } });
		await polls.poll();
		const texts = [scene.happen(), scene.happen(0, 120_000), scene.happen()];
		const started: unknown[] = [];
		for (let minute = 0; minute < 5; minute++) {
			world.clock.advance(60_000);
			started.push(...((await polls.poll()) ?? []).flatMap(({ raw }) => raw ?? []));
		}
		const noise = (raw: string) => scene.provider.isSelfNoise(JSON.parse(raw) as IDataObject);
		expect(sorted(started)).toEqual(sorted(texts.filter((raw) => !noise(raw))));
	});

	it('ships what a node gives at its defaults: time, name, severity and judgement are those of the forwarder', async () => {
		const items = await listed({ limit: 9, options: { includeRaw: true } });
		const wanted = recordsOf(
			scene,
			items.map(({ raw }) => raw as string),
		);
		const arrived = await ship(items.map(({ raw: _raw, ...item }) => item));
		expect(arrived).toHaveLength(9);
		for (const [index, { eventName, severityNumber, severityText, attributes }] of wanted.entries()) {
			const found = arrived[index]!;
			expect(found).toMatchObject({ eventName, severityNumber, severityText });
			for (const name of [
				'log.record.uid',
				'audit.source',
				'audit.action',
				'audit.category',
				'audit.alert',
				'audit.outcome',
			])
				expect([name, found.attributes[name]]).toEqual([name, attributes[name]]);
		}
	});

	it("ships the forwarder's own record of the text as received", async () => {
		const items = await listed({ limit: 9, options: { includeRaw: true } });
		const texts = items.map(({ raw }) => raw as string);
		const arrived = await ship(items);
		expect(arrived.map(({ body }) => body)).toEqual(texts);
		expect(arrived.map(({ attributes }) => attributes)).toEqual(
			recordsOf(scene, texts).map(({ attributes }) => attributes),
		);
	});

	it('ships events as they are, where Event Source says whose they are', async () => {
		const items = await listed({ limit: 9, simplify: false });
		const arrived = await ship(items, { parameters: { origin: declaration.name } });
		expect(arrived.map(({ eventName }) => eventName)).toEqual(
			recordsOf(
				scene,
				items.map((item) => JSON.stringify(item)),
			).map(({ eventName }) => eventName),
		);
	});
});
