import type { Logger } from 'pino';
import { leaseLog } from '../../../../forwarder/run/cluster/leaseLog';

test('a database that is away is said once, and once more when it is back', () => {
	const said: string[] = [];
	const say = (_: object, message: string) => void said.push(message);
	const log = leaseLog({ warn: say, info: say } as unknown as Logger);
	const looked = () => log.looked!(undefined as never, undefined as never);
	looked();
	for (let beat = 0; beat < 5; beat++) log.failed!(new Error('the database cannot be reached'));
	looked();
	looked();
	expect(said).toEqual([expect.stringContaining('did not do what was asked'), expect.stringContaining('again')]);
	log.failed!(new Error('the database cannot be reached'));
	expect(said).toHaveLength(3);
});
