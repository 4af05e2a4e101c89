/** Memory of one process that reads very many sources: what is there once takes 100 MB, and each source its share. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rssMb } from '../../../bench/measure/usage';
import { startFleet } from '../../../bench/scale/tenants';
import { start } from '../../support/command';
import { scratchFolder } from '../../support/scratch';

const SOURCES = 3_000;
/** With 10,000 sources each takes 25 kB; a busy machine adds connections that are open together. */
const MOST_MB = 100 + (SOURCES * 40) / 1024;

jest.setTimeout(180_000);

test('three thousand sources, each with an empty log, take 40 kB each at most', async () => {
	const folder = scratchFolder();
	const polls = new Map<string, number>();
	const fleet = await startFleet('{ path: ./audit-relay.db }', SOURCES, (request, response) => {
		const key = request.headers['x-api-key'] as string;
		polls.set(key, (polls.get(key) ?? 0) + 1);
		response.setHeader('content-type', 'application/json').end('{"auditEvents":[]}');
	});
	writeFileSync(join(folder, 'audit-relay.yaml'), fleet.text.replaceAll('pollInterval: 60s', 'pollInterval: 30s'));
	const daemon = start(['run'], { cwd: folder, env: fleet.env as Record<string, string> });
	const isRead = (times: number) => [...polls.values()].filter((count) => count >= times).length === SOURCES;
	try {
		// the first poll asks twice: where the log begins, and for its events
		while (!isRead(3)) await new Promise((again) => setTimeout(again, 200));
		expect(rssMb(daemon.process.pid!)).toBeLessThan(MOST_MB);
	} finally {
		daemon.process.kill('SIGTERM');
		await daemon.finished;
		fleet.close();
	}
});
