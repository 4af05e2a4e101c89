import { GOOD, load, refused } from './scratch';

const withAge = (more: string) => GOOD.replace(':4318', `:4318\n${more}`);

test('by default events that are too old become dead letters', async () => {
	const [destination] = (await load(withAge('    maxEventAge: 18h'))).destinations;
	expect(destination).toMatchObject({ maxEventAgeMs: 18 * 3_600_000 });
	expect(destination).not.toHaveProperty('onTooOld');
});

test('restamp is an explicit choice', async () => {
	const [destination] = (await load(withAge('    maxEventAge: 18h\n    onTooOld: restamp'))).destinations;
	expect(destination).toMatchObject({ maxEventAgeMs: 18 * 3_600_000, onTooOld: 'restamp' });
});

test('restamp without an age limit means nothing, and says so', async () => {
	const { message } = await refused(withAge('    onTooOld: restamp'));
	expect(message).toMatch(/onTooOld.*maxEventAge/);
});
