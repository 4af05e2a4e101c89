import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { Postgres } from '../../test/support/postgres';
import { cpuMs, rssMb } from '../measure/usage';
import type { Scene } from './scene';

export interface Sample {
	/** Milliseconds since the epoch. */
	at: number;
	workers: { rssMb: number; cpuMs: number }[];
	/** Of its processes that live, milliseconds. */
	databaseCpuMs: number;
	tablesMb: number;
	/** How far the oldest watermark is behind, lateness included. */
	behindS: number;
	perSecond: number;
}

export async function sample(scene: Scene, database: Postgres): Promise<Sample> {
	const client = new Client({ connectionString: database.url() });
	await client.connect();
	try {
		const tables = await client.query<{ mb: number }>(
			`SELECT sum(pg_total_relation_size(oid))::float8 / 1e6 AS mb FROM pg_class
			 WHERE relnamespace = 'audit_relay'::regnamespace AND relkind = 'r'`,
		);
		const oldest = await client.query<{ ns: string }>('SELECT min(watermark)::text AS ns FROM audit_relay.streams');
		return {
			at: Date.now(),
			workers: scene.workers().map((pid) => ({ rssMb: rssMb(pid), cpuMs: cpuMs(pid) })),
			databaseCpuMs: databaseCpuMs(database.folder),
			tablesMb: tables.rows[0]!.mb,
			behindS: Date.now() / 1000 - Number(oldest.rows[0]!.ns) / 1e9,
			perSecond: Math.round(
				scene
					.requests()
					.slice(-10)
					.reduce((sum, count) => sum + count, 0) / 10,
			),
		};
	} finally {
		await client.end();
	}
}

function databaseCpuMs(folder: string): number {
	const main = readFileSync(`${folder}/data/postmaster.pid`, 'utf8').split('\n')[0]!;
	const isOf = (pid: string) => {
		try {
			return pid === main || readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1] === main;
		} catch {
			return false;
		}
	};
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOf(name));
	return pids.reduce((sum, pid) => sum + cpuMs(Number(pid)), 0);
}
