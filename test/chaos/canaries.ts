/** Keys that would be recognised anywhere, and the search for them in everything that a trial left behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const text = (name: string, seed: number) => `CANARY-${name}-${(seed * 7919 + 104_729).toString(36)}-nightingale`;

export interface Canaries {
	arpio: string;
	arcus: string;
	auditapi: string;
	/** Header value from the environment. */
	header: string;
	/** Header value from a file. */
	file: string;
}

export function canaries(seed: number): Canaries {
	const of = (name: string) => text(name, seed);
	return { arpio: of('arpio'), arcus: of('arcus'), auditapi: of('auditapi'), header: of('header'), file: of('file') };
}

/** As it is, and inside base64: where the key begins decides which of three texts it becomes. */
export function formsOf(canary: string): string[] {
	const shifted = [0, 1, 2].map((shift) => {
		const encoded = Buffer.from('x'.repeat(shift) + canary).toString('base64');
		// the first and the last group also hold bits of the neighbours
		return encoded.slice(shift === 0 ? 0 : 4, -4);
	});
	const hex = Buffer.from(canary).toString('hex');
	return [canary, canary.split('').reverse().join(''), hex, ...shifted];
}

export interface Leak {
	canary: string;
	where: string;
	/** The text around it, without it. */
	context: string;
}

/** Searches every file below `folder`, except where the keys are by right. */
export function findLeaks(folder: string, planted: Canaries, except: readonly string[]): Leak[] {
	const leaks: Leak[] = [];
	for (const file of filesBelow(folder)) {
		const where = relative(folder, file);
		if (except.includes(where)) continue;
		leaks.push(...leaksIn(readFileSync(file).toString('latin1'), where, planted));
	}
	return leaks;
}

export function leaksIn(content: string, where: string, planted: Canaries): Leak[] {
	return Object.entries(planted).flatMap(([canary, value]: [string, string]) =>
		formsOf(value)
			.map((form) => ({ form, at: content.indexOf(form) }))
			.filter(({ at }) => at >= 0)
			.map(({ form, at }) => ({
				canary,
				where,
				context: `${content.slice(Math.max(0, at - 120), at)}<key>${content.slice(at + form.length, at + form.length + 60)}`,
			})),
	);
}

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}
