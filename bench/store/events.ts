/** Pages of 100 events of 1 kB, which compress as audit logs do. */
import type { SourceEvent } from '../../core/contract';
import { arcusEntries } from '../../sandbox/fixtures';

const PAGE = 100;
const BYTES = 1_000;
const SECOND = 1_000_000_000n;

let made = 0;

export function page(stream: string) {
	const fresh = Array.from({ length: PAGE }, (): SourceEvent => {
		const id = `${stream}-${String(++made).padStart(12, '0')}`;
		const shape = JSON.parse(arcusEntries[made % arcusEntries.length]!) as object;
		const json = { ...shape, id, nonce: hex(made * 7919), padding: '' };
		json.padding = 'x'.repeat(Math.max(0, BYTES - JSON.stringify(json).length));
		const raw = JSON.stringify(json);
		return { id, time: 1_770_000_000n * SECOND + BigInt(made), raw, json };
	});
	return { fresh, seen: fresh.map(({ id, time }) => ({ id, time })), observed: BigInt(Date.now()) * 1_000_000n };
}

/** Ids and addresses in audit logs do not compress. */
const hex = (of: number) =>
	Array.from({ length: 6 }, (_, n) => Math.floor(Math.abs(Math.sin(of + n)) * 2 ** 32).toString(16)).join('');
