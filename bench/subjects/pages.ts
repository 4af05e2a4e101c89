/** Reads all pages of a provider the cheapest way: one kept connection, no pace, no checks. */
import { Pool } from 'undici';
import type { ProviderName } from '../../providers/registry';
import { KINDS } from '../servers/shapes';
import type { Task } from './task';

export type Json = { [key: string]: unknown };

export async function* pages({ provider, shape }: Task): AsyncGenerator<Buffer> {
	const pool = new Pool(provider, { connections: 1 });
	const headers = { accept: 'application/json', authorization: 'Bearer bench' };
	let next: unknown = '';
	while (typeof next === 'string') {
		const response = await pool.request({ method: 'GET', path: KINDS[shape].path + next, headers });
		const chunks: Buffer[] = [];
		for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
		yield Buffer.concat(chunks);
		// only our provider says it here
		next = response.headers['bench-next'];
	}
	await pool.close();
}

export function eventsOf(shape: ProviderName, body: Buffer): Json[] {
	return (JSON.parse(body.toString()) as Record<string, Json[]>)[KINDS[shape].list]!;
}
