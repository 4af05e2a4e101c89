/** An element that is not an event does not stop a trigger, and is said in n8n's log. */
import { triggers } from './support/triggers';
import { poller } from './support/poller';
import { createWorld } from './support/world';

const names = {
	'Arpio Trigger': ['events', 'eventId', 'timestamp'],
	'Arcus ERP Trigger': ['data', 'id', 'created_at'],
};

it.each(triggers)('%s starts with the good events of a page, whatever else is on it', async (title, type) => {
	const world = createWorld();
	const trigger = poller(world, type, { watch: ['everything'], options: { retries: 0 } });
	await trigger.poll();
	world.clock.advance(60_000);

	const [list, id, time] = names[title as keyof typeof names] ?? ['data', 'id', 'timestamp'];
	const at = new Date(world.clock.now()).toISOString();
	const good = (name: string, more = '') => `{"${id}":"${name}","${time}":"${at}"${more}}`;
	const elements = [
		good('a'),
		good('broken', ',"n":NaN'),
		'null',
		'',
		`{"${id}":"undated"}`,
		`{"${id}":"ancient","${time}":"0001-01-01T00:00:00Z"}`,
		good('b', `,"deep":${'['.repeat(2000)}${']'.repeat(2000)},"n":${'9'.repeat(5000)}`),
		good('\\ud800'),
	];
	const page = `{"${list}":[${elements.join()}],"has_more":false}`;
	world.interfere = () => ({ status: 200, headers: {}, body: page });

	const ids = await trigger.ids();
	expect(ids).toEqual(expect.arrayContaining(['a', 'b']));
	expect(ids).toHaveLength(3);
	expect(trigger.warnings).toEqual([expect.stringContaining('5 elements are not events')]);
	// and once only
	expect(await trigger.ids()).toEqual([]);
});
