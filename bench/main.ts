/** The benchmark: runs the plan, writes the results, says which targets are met. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run, type Bench, type Case, type Result } from './measure/run';
import { startServers } from './measure/servers';
import { stockExporter } from './measure/stockExporter';
import { full, quick, type Plan } from './plan';
import { figures, type Figures } from './report/figures';
import { markdown } from './report/markdown';
import { plot } from './report/plot';
import { saveMarkdown } from './report/save';
import { isFarOff, isMet, targets, type Target } from './report/targets';

const HELP = `npm run bench [-- options]

  --quick            less than a minute, writes nothing, fails only when a target is missed by a factor of three
  --rounds <n>       how often every case is run (2; with --quick 1)
  --only <words>     only cases whose name holds these words, prints them and writes nothing: --only 'forwarder'
  --node=<args>      for the measured processes: --node='--cpu-prof --cpu-prof-dir=/tmp/profiles'
`;

export async function main(args: readonly string[]): Promise<number> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			help: { type: 'boolean' },
			quick: { type: 'boolean' },
			rounds: { type: 'string' },
			only: { type: 'string' },
			node: { type: 'string' },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return 0;
	}
	const plan = values.quick ? quick() : full();
	const rounds = Number(values.rounds ?? plan.rounds);
	const dist = dirname(fileURLToPath(import.meta.url));
	const bench: Bench = {
		dist,
		servers: await startServers(dist),
		stock: stockExporter(),
		scratch: tmpdir(),
		nodeArgs: values.node?.split(' ') ?? [],
	};
	try {
		const { only } = values;
		if (only !== undefined) {
			await measured(
				plan.cases.filter((one) => only.split(' ').every((word) => nameOf(one).includes(word))),
				rounds,
				bench,
			);
			return 0;
		}
		return await everything(plan, rounds, bench, values.quick === true);
	} finally {
		bench.servers.close();
	}
}

async function everything({ cases, memory }: Plan, rounds: number, bench: Bench, isQuick: boolean): Promise<number> {
	if (availableParallelism() < 2)
		process.stderr.write('fewer than 2 cores: the servers take time from what is measured\n');
	const all = await measured(cases, rounds, bench);
	const [few, many] = (await measured([memory.few, memory.many], isQuick ? 1 : rounds, bench)) as [Figures, Figures];
	const aims = targets(all, { few, many });
	for (const one of aims) print(one);
	if (!isQuick) {
		await saveMarkdown('bench/results.md', markdown(all, { few, many }, aims, rounds));
		writeFileSync('bench/results.svg', plot(all));
	}
	const farOff = aims.filter(isFarOff);
	for (const { what } of farOff) process.stderr.write(`far off its target: ${what}\n`);
	return farOff.length > 0 ? 1 : 0;
}

async function measured(cases: readonly Case[], rounds: number, bench: Bench): Promise<Figures[]> {
	const results = cases.map((): Result[] => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, one] of cases.entries()) {
			const result = await run(one, bench);
			results[index]!.push(result);
			const micros = (ms: number) => ((ms / one.events) * 1000).toFixed(1).padStart(7);
			process.stderr.write(
				`${nameOf(one).padEnd(60)}${micros(result.ms)} µs, CPU ${micros(result.cpuMs)} µs, ${result.settledMb.toFixed(0)} MB\n`,
			);
		}
	}
	return cases.map((one, index) => figures(one, results[index]!));
}

function nameOf({ subject, shape, events, compression, answerMs, pageMs }: Case): string {
	return `${shape} ${subject} ${events} ${compression} answer-${answerMs} page-${pageMs}`;
}

function print(target: Target): void {
	const { what, aim, atLeast, measured, byCpu, unit = '' } = target;
	const cpu = byCpu === undefined ? '' : ` (by CPU time ${byCpu.toFixed(2)})`;
	const mark = isMet(target) ? '✓' : '✗';
	process.stdout.write(`${mark} ${what}: ${measured.toFixed(2)}${cpu}, aim ${atLeast ? '≥' : '≤'} ${aim} ${unit}\n`);
}
