/** What a scrape costs with hundreds of tenants, on the real command. */
import { run, start, type Running } from '../../support/command';
import { computingMs } from '../../support/figures';
import { scene, type Scene } from '../../support/scene';
import { freePort } from '../support/port';
import { until } from '../support/wait';

const TENANTS = 500;
const SCRAPES = 20;

let here: Scene;
let daemon: Running | undefined;
afterEach(async () => {
	daemon?.process.kill('SIGTERM');
	await daemon?.finished;
	await here.end();
});

function tenants({ arpio, receiver }: Scene['sandbox'], address: string): string {
	const names = Array.from({ length: TENANTS }, (_, at) => `  - { name: tenant-${at}, provider: arpio }`);
	return `state: { path: ./audit-relay.db }
server: { listen: "${address}" }
destinations: [{ name: siem, endpoint: "${receiver!.url}" }]
defaults:
  providers:
    arpio:
      baseUrl: ${arpio.url}
      accountId: ${arpio.accountId}
      apiKey: "\${env:ARPIO_API_KEY}"
      pollInterval: 1h
      rateLimit: { requestsPerMinute: 60000 }
sources:
${names.join('\n')}
`;
}

test('500 sources: at most 300 kB and 60 ms of computing for a scrape', async () => {
	here = await scene();
	const address = `127.0.0.1:${await freePort()}`;
	here.configure(() => tenants(here.sandbox, address));
	// so that each has a state
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	daemon = start(['run'], here.options);
	await daemon.says('status server listens');
	const scrape = async () => (await fetch(`http://${address}/metrics`)).text();
	let text = '';
	const lags = () => text.match(/^audit_relay_source_watermark_lag_seconds\{/gm)?.length;
	await until('all sources are there', async () => {
		text = await scrape();
		return lags() === TENANTS;
	});
	expect(Buffer.byteLength(text)).toBeLessThan(300_000);
	// until its code is compiled; Prometheus comes again and again
	for (let count = 0; count < SCRAPES; count++) await scrape();
	const before = computingMs(daemon.process.pid!);
	for (let count = 0; count < SCRAPES; count++) await scrape();
	const each = (computingMs(daemon.process.pid!) - before) / SCRAPES;
	process.stderr.write(`a scrape: ${Buffer.byteLength(text)} bytes, ${each} ms\n`);
	expect(each).toBeLessThan(60);
});
