import { watch } from '../../../../forwarder/cli/status/watch';

/** Three pictures, then Ctrl-C while it waits for the fourth. */
async function watched(isTTY: boolean, json: boolean, pictures = ['one\n', 'two\n', 'three\n']) {
	const stop = new AbortController();
	const asked: number[] = [];
	let [written, steered, taken] = ['', '', 0];
	const clock = {
		now: () => Date.UTC(2026, 0, 1) + asked.length * 2000,
		sleep: async (ms: number) => {
			asked.push(ms);
			if (asked.length === 3) stop.abort('SIGINT');
		},
	};
	const write = (text: string) => (written += text);
	const stdout = { write, steer: (text: string) => (steered += text), isTTY, columns: 80, rows: 4 };
	const picture = async () => {
		const next = pictures[taken++]!;
		if (next.startsWith('!')) throw new Error(next);
		return next;
	};
	const told = (error: unknown) => `away: ${(error as Error).message}\n`;
	await watch({ everyMs: 2000, picture, told }, { stdout, clock, stop: stop.signal }, json);
	return { written, steered, asked };
}

test('on a terminal it draws in place, on a screen of its own, and leaves the last picture', async () => {
	const { written, steered, asked } = await watched(true, false);
	expect(steered.startsWith('\u001b[?1049h')).toBe(true);
	expect(steered.endsWith('\u001b[?1049l')).toBe(true);
	expect(steered).toMatch(/one.*two.*three/s);
	expect(steered).toContain(
		'\u001b[H2026-01-01T00:00:02Z, again every 2s; Ctrl-C ends\u001b[K\r\n\u001b[K\r\ntwo\u001b[K\r\n\u001b[K\u001b[J',
	);
	expect(written).toBe('three\n');
	expect(asked).toEqual([2000, 2000, 2000]);
});

test('elsewhere it prints again, with the time; for machines one line each', async () => {
	expect((await watched(false, false)).written).toMatch(/^2026-01-01T00:00:00Z\none\n\n2026-01-01T00:00:02Z\ntwo\n\n/);
	expect(await watched(false, true)).toMatchObject({ written: 'one\ntwo\nthree\n', steered: '' });
	expect(await watched(true, true)).toMatchObject({ written: 'one\ntwo\nthree\n', steered: '' });
});

test('a database that is away later is told; one that was never there ends it', async () => {
	expect((await watched(false, false, ['one\n', '!gone', 'three\n'])).written).toMatch(/\naway: !gone\n.*\nthree\n/s);
	await expect(watched(false, false, ['!gone'])).rejects.toThrow('!gone');
});

test('what does not fit on the screen is cut off, and text of others cannot steer it', async () => {
	const { steered } = await watched(true, false, ['a\u001b[2Jb\nc\nd\ne\n', 'x', 'x']);
	expect(steered).toContain('a\\u001b[2Jb\u001b[K\r\nc\u001b[K\u001b[J');
});
