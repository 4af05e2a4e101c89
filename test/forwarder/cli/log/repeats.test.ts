/** What a log holds when many sources say the same. */
import type { Entry } from '../../../../forwarder/cli/log/entry';
import { limitRepeats } from '../../../../forwarder/cli/log/repeats';
import { timerClock } from '../../../support/timerClock';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const minute = () => jest.advanceTimersByTimeAsync(60_000);

function log() {
	const lines: Entry[] = [];
	const rules = {
		clock: timerClock,
		always: new Set(['changed by hand']),
		added: new Map([['new events', 'events']]),
	};
	const { tell, end } = limitRepeats(rules, (entry) => void lines.push(entry));
	const say = (msg: string, fields: object = {}, level = 'warn') =>
		tell({ level, time: new Date().toISOString(), msg, ...fields });
	return { say, end, said: () => lines.splice(0).map(({ level: _level, time: _time, ...rest }) => rest) };
}

test('new events of all sources are one line a minute, with what they add up to', async () => {
	const { say, said, end } = log();
	const found = () => [1, 2, 3].forEach((events) => say('new events', { source: `s${events}`, events }, 'info'));
	found();
	expect(said()).toEqual([{ msg: 'new events', source: 's1', events: 1 }]);
	await minute();
	expect(said()).toEqual([{ msg: 'new events', events: 5, sources: 2 }]);
	found();
	expect(said()).toEqual([]);
	await minute();
	expect(said()).toEqual([{ msg: 'new events', events: 6, sources: 3 }]);
	// after a quiet minute it is news again
	await minute();
	found();
	expect(said()).toEqual([{ msg: 'new events', source: 's1', events: 1 }]);
	end();
});

test('the same line is said once, and counted at the end of the minute', async () => {
	const { say, said, end } = log();
	for (let retryInSeconds = 1; retryInSeconds <= 42; retryInSeconds++)
		say('poll failed', { source: 'dr', error: 'no connection', retryInSeconds });
	expect(said()).toEqual([{ msg: 'poll failed', source: 'dr', error: 'no connection', retryInSeconds: 1 }]);
	await minute();
	expect(said()).toEqual([{ msg: 'poll failed … and 41 more like this in 60 s', held: 41, names: ['dr'] }]);
	await minute();
	expect(said()).toEqual([]);
	end();
});

test('of 500 sources that fail at once, ten are named in lines of their own, some in the one that counts the others', async () => {
	const { say, said, end } = log();
	for (let at = 0; at < 500; at++) say('poll failed', { source: `s${at}`, error: 'no connection' });
	expect(said().map((line) => line['source'])).toEqual(Array.from({ length: 10 }, (_, at) => `s${at}`));
	await minute();
	const [line, ...others] = said();
	expect(others).toEqual([]);
	expect(line).toMatchObject({ msg: 'poll failed … and 490 more like this in 60 s', held: 490 });
	expect(line!['names']).toHaveLength(20);
	end();
});

test('another error, another message and another level are no repeats', () => {
	const { say, said, end } = log();
	say('poll failed', { source: 'dr', error: 'no connection' });
	say('poll failed', { source: 'dr', error: 'status 500' });
	say('poll refused', { source: 'dr', error: 'status 500' });
	say('poll refused', { source: 'dr', error: 'status 500' }, 'error');
	expect(said()).toHaveLength(4);
	end();
});

test('what people did is always said, each time', () => {
	const { say, said, end } = log();
	for (let time = 0; time < 30; time++) say('changed by hand', { by: 'ada', what: '1 gap acknowledged' });
	expect(said()).toHaveLength(30);
	end();
});

test('what is held back at the end is said before it, and keeps no process waiting', () => {
	const { say, said, end } = log();
	say('poll failed', { source: 'dr' });
	say('poll failed', { source: 'dr' });
	end();
	expect(said().at(-1)).toMatchObject({ msg: 'poll failed … and 1 more like this in 60 s' });
	expect(jest.getTimerCount()).toBe(0);
	say('stopped');
	expect(said()).toEqual([{ msg: 'stopped' }]);
});
