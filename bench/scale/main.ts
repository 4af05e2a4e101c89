/**
 * Thousands of sources on a few workers of one database: what stays flat and what does not. A provider that is nearly silent, one event for
 * each source now and then; one worker is killed at half time.
 */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../test/support/postgres';
import { median } from '../measure/usage';
import { sample, type Sample } from './sample';
import { startScene } from './scene';

export async function main(args: string[]): Promise<number> {
	const { values } = parseArgs({
		args,
		options: {
			sources: { type: 'string', default: '10000' },
			workers: { type: 'string', default: '2' },
			minutes: { type: 'string', default: '60' },
		},
	});
	const minutes = Number(values.minutes);
	const database = await startPostgres();
	const scene = await startScene(database.url(), Number(values.sources), Number(values.workers));
	try {
		await scene.whenAllPolled();
		const samples: Sample[] = [];
		const end = Date.now() + minutes * 60_000;
		for (let killed = false; Date.now() < end;) {
			await sleep(Math.min(10_000, end - Date.now()));
			samples.push(await sample(scene, database));
			console.error(line(samples.at(-1)!, samples.at(-2)));
			if (killed || end - Date.now() > (minutes * 60_000) / 2) continue;
			killed = true;
			scene.replace(0);
		}
		report(samples, scene.requests());
		return 0;
	} finally {
		await scene.end();
		await database.end();
	}
}

function line(now: Sample, before?: Sample): string {
	const cpu = (of: (sample: Sample) => number) =>
		before ? ((of(now) - of(before)) / (now.at - before.at)).toFixed(2) : '-';
	const rss = now.workers.map(({ rssMb }) => rssMb.toFixed(0)).join(' + ');
	return (
		`${new Date(now.at).toISOString().slice(11, 19)} workers ${rss} MB, database ${cpu(({ databaseCpuMs }) => databaseCpuMs)} cores, ` +
		`tables ${now.tablesMb.toFixed(1)} MB, oldest watermark ${now.behindS.toFixed(0)} s, polls ${now.perSecond}/s`
	);
}

function report(samples: readonly Sample[], perSecond: readonly number[]): void {
	const third = Math.floor(samples.length / 3);
	const [first, last] = [samples.slice(0, third), samples.slice(-third)];
	const of = (part: readonly Sample[], value: (sample: Sample) => number) => median(part.map(value));
	const ratio = (value: (sample: Sample) => number) => (of(last, value) / of(first, value)).toFixed(2);
	const mean = perSecond.reduce((sum, count) => sum + count, 0) / perSecond.length;
	console.log(
		`last third ÷ first third: memory ${ratio(memory)}, tables ${ratio(({ tablesMb }) => tablesMb)}, lag ${ratio(({ behindS }) => behindS)}`,
	);
	console.log(
		`busiest second ÷ mean: ${(Math.max(...perSecond) / mean).toFixed(1)} (${mean.toFixed(0)} requests a second)`,
	);
}

const memory = ({ workers }: Sample) => Math.max(...workers.map(({ rssMb }) => rssMb));
