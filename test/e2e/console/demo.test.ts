/** `audit-relay demo --keep`: the console on simulated providers, for whoever wants to see it before there is a key. */
import { start } from '../../support/command';
import { scratchFolder } from '../../support/scratch';
import { until } from '../support/wait';
import { cell, names, numberOf } from './support/read';
import { stories } from './support/stories';

const { openTab, picture } = stories();

test('it prints the address of its console, goes on with new events, and Ctrl-C ends it', async () => {
	const demo = start(['demo', '--keep'], { cwd: scratchFolder() });
	let said = '';
	demo.process.stdout!.on('data', (text: string) => (said += text));
	try {
		const address = () => /^ {2}console {4}(http:\S+)$/m.exec(said)?.[1];
		await until(
			'it has said where',
			() => address() !== undefined,
			30_000,
			() => said,
		);
		const { page, close } = await openTab(address()!);
		await until('the three are listed', async () => (await names(page, 'Sources')).length === 3);
		await page.getByText('Live', { exact: true }).waitFor();
		const shipped = async () => numberOf(await cell(page, 'Destinations', 'receiver', 'Shipped'));
		await until('the past has arrived', async () => (await shipped()) > 50);
		const before = await shipped();
		await until('more arrives', async () => (await shipped()) > before);
		await picture(page, 'demo');
		await close();
	} finally {
		demo.process.kill('SIGINT');
	}
	expect(await demo.finished).toMatchObject({ code: 0, signal: null });
	// also what happened in the last moment
	expect(said).toContain('✓ every event arrived');
});
