/** Who follows, and whose place another may have. */
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Asked } from '../../../../forwarder/server/http/exchange';
import { createStreams } from '../../../../forwarder/server/live/streams';
import { steppedClock } from '../../../support/steppedClock';
import { eventually } from '../support';

/** Of whom the test says whether he reads. */
class Response extends EventEmitter {
	writableNeedDrain = false;
	readonly written: string[] = [];
	readonly gone = new AbortController();
	write(text: Uint8Array): boolean {
		this.written.push(String(text));
		return true;
	}
	flushHeaders(): void {}
	end(): void {}
	destroy(): void {
		this.gone.abort();
	}
}

function scene() {
	const clock = steppedClock();
	const streams = createStreams(clock);
	const ended: Response[] = [];
	function open(isStillKnown?: () => Promise<boolean>): Response {
		const response = new Response();
		const asked = { signal: response.gone.signal, isStillKnown } as Asked;
		const { stream } = streams.open(asked, () => () => void ended.push(response));
		stream(response as unknown as ServerResponse);
		return response;
	}
	/** As many signs of life as are due. */
	async function pass(reader: Response, beats: number): Promise<void> {
		for (let beat = 0; beat < beats; beat++) {
			const { length } = reader.written;
			clock.advance(15_000);
			await eventually(
				() => reader.written.length,
				(now) => now > length,
			);
		}
	}
	return { open, ended, pass };
}

test('whoever takes nothing for a minute leaves his place to others; who reads keeps it', async () => {
	const { open, ended, pass } = scene();
	const [reads, sleeps] = [open(), open()];
	sleeps.writableNeedDrain = true;
	await pass(reads, 4);
	expect(ended).toEqual([]);
	await pass(reads, 1);
	expect(ended).toEqual([sleeps]);
	expect(sleeps.written).toEqual([]);
	await pass(reads, 10);
	expect(ended).toEqual([sleeps]);
});

test('whoever is slow, and takes something now and then, stays', async () => {
	const { open, ended, pass } = scene();
	const [reads, slow] = [open(), open()];
	slow.writableNeedDrain = true;
	for (let i = 0; i < 4; i++) {
		await pass(reads, 3);
		slow.emit('drain');
	}
	expect(ended).toEqual([]);
});

test('two hundred may follow; each that goes makes room for one', () => {
	const { open } = scene();
	const all = Array.from({ length: 200 }, () => open());
	expect(open).toThrow('200 already follow this process');
	all[7]!.destroy();
	expect(open).not.toThrow();
	all.forEach((one) => one.destroy());
});

test('whose key is changed is let go of with the next sign of life, and the others stay', async () => {
	const { open, ended, pass } = scene();
	let isKnown = true;
	const [reads, changed] = [open(), open(async () => isKnown)];
	await pass(reads, 2);
	expect(ended).toEqual([]);
	isKnown = false;
	await pass(reads, 1);
	expect(ended).toEqual([changed]);
});
