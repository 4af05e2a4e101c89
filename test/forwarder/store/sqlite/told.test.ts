import { openStore } from '../../../../forwarder/store/sqlite/store';
import { join } from 'node:path';
import { scratchFolder } from '../../../support/scratch';
import { toldConformance } from '../toldConformance';

const opened = () => openStore(join(scratchFolder(), 'state.db'), { maxOutboxSize: 1e9, now: () => Date.now() });

toldConformance(() => opened().told);

test('it is kept in the file', async () => {
	const path = join(scratchFolder(), 'state.db');
	const options = { maxOutboxSize: 1e9, now: () => Date.now() };
	const first = openStore(path, options);
	await first.told.change('ops', { begun: [{ key: 'fatal', notice: '{}' }] });
	await first.close();
	const second = openStore(path, options);
	expect(await second.told.read('ops')).toMatchObject([{ key: 'fatal', notice: '{}' }]);
	await second.close();
});
