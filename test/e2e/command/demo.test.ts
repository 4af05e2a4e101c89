/** The first thing that anybody sees of the project, as the built command shows it. */
import { run } from '../../support/command';
import { scratchFolder } from '../../support/scratch';

interface Result {
	complete: boolean;
	sources: { source: string; produced: number; arrived: number; repeats: number }[];
}

test('demo ends by itself with 0 when every event of all three providers has arrived, without a trace in the folder', async () => {
	const cwd = scratchFolder();
	// a proxy and an OTLP endpoint of the machine must not matter: all is on loopback
	const env = { HTTP_PROXY: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.invalid' };
	const [people, machine] = await Promise.all([run(['demo'], { cwd, env }), run(['demo', '--json'], { cwd, env })]);

	expect([people.code, machine.code]).toEqual([0, 0]);
	expect(people.stdout).toMatch(/^ {2}\d{4}-\d\d-\d\d .*arpio\.startapplicationrecovery .*→ page$/m);
	expect(people.stdout).toContain('! arcus answers 429');
	expect(people.stdout).toContain('✓ every event arrived');
	expect(people.stdout).toContain('audit-relay init');
	expect(people.stderr).toMatch(/^arpio \d+\/\d+ {3}arcus \d+\/\d+ {3}auditapi \d+\/\d+$/m);

	const { complete, sources } = JSON.parse(machine.stdout) as Result;
	expect(complete).toBe(true);
	expect(sources.map(({ source }) => source)).toEqual(['arpio', 'arcus', 'auditapi']);
	for (const { produced, arrived } of sources) {
		expect(produced).toBeGreaterThan(10);
		expect(arrived).toBe(produced);
	}
});
