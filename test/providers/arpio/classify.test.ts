import { cpuMs } from '../../support/cpu';
import { classify } from '../../../providers/arpio/classify';

const write = (type: string, url?: string) =>
	classify({ type, access: 'write', ...(url ? { context: { apiRequest: { url } } } : {}) });

describe('writes', () => {
	it.each([
		['startApplicationRecovery', 'failover', 'page'],
		['start_failover', 'failover', 'page'],
		['FailOver', 'failover', 'page'],
		['application-recovery-aborted', 'failover', 'page'],
		['startRecoveryFromRecoveryPoint', 'failover', 'page'],
		['concludeFailBack', 'failback', 'page'],
		['unquarantineResource', 'quarantine', 'page'],
		['malwareScanFinished', 'quarantine', 'page'],
		['ransomware.detected', 'quarantine', 'page'],
		['startTestRecovery', 'dr_test', 'notify'],
		['updateNetworkSandbox', 'dr_test', 'notify'],
		['DRILL', 'dr_test', 'notify'],
		['deleteRecoveryPoint', 'data', 'notify'],
		['protectRecoveryPoints', 'data', 'notify'],
		['deleteApplication', 'config', 'page'],
		['remove_app', 'config', 'page'],
		['createAPIKey', 'access', 'notify'],
		['createApikey', 'access', 'notify'],
		['userLogin', 'access', 'notify'],
		['updateSAMLSettings', 'access', 'notify'],
		['enableMFA', 'access', 'notify'],
		['updateApplication', 'config', 'none'],
		['syncNow', 'config', 'none'],
	])('%s is %s, %s', (type, category, alert) => {
		expect(write(type)).toEqual({ category, alert });
	});
});

describe('whole words only', () => {
	it.each(['updateLatestVersion', 'contestResult', 'updateRecoverableSettings', 'grouponImport', 'applyApprovals'])(
		'%s is an ordinary write',
		(type) => {
			expect(write(type)).toEqual({ category: 'config', alert: 'none' });
		},
	);
});

describe('reads never alert', () => {
	it.each([
		['getRecoveryPoints', undefined],
		['listFailovers', undefined],
		['describeQuarantine', 'write'],
		['downloadApiKey', undefined],
		['startApplicationRecovery', 'read'],
		['startApplicationRecovery', 'READ'],
	])('%s with access %s', (type, access) => {
		expect(classify({ type, access })).toEqual({ category: 'read', alert: 'none' });
	});

	it('gets is not a read verb', () => {
		expect(write('getawayRecovery')).toEqual({ category: 'failover', alert: 'page' });
	});
});

describe('path of the request', () => {
	const app = 'https://api.arpio.io/api/accounts/a/applications/Zt5wQe8rUy1iOp3aSd6fGh';

	it('tells what a vague type does not', () => {
		expect(write('postAction', `${app}/failover?x=1`)).toEqual({ category: 'failover', alert: 'page' });
	});

	it('does not overrule the type', () => {
		expect(write('startApplicationTest', `${app}/recovery`)).toEqual({ category: 'dr_test', alert: 'notify' });
	});

	it('counts only below the application, without query', () => {
		expect(write('postAction', 'https://failover.example.com/test')).toEqual({ category: 'config', alert: 'none' });
		expect(write('postAction', `${app}?then=failover`)).toEqual({ category: 'config', alert: 'none' });
	});
});

it('knows when it knows nothing', () => {
	expect(classify({})).toEqual({ category: 'other', alert: 'none' });
	expect(classify({ type: 'someFutureEventType' })).toEqual({ category: 'other', alert: 'none' });
	expect(classify({ type: ['startFailover'], access: {} })).toEqual({ category: 'other', alert: 'none' });
});

it('stays fast on hostile names', async () => {
	const hostile = { type: 'A'.repeat(1_000_000), context: { apiRequest: { url: '/applications/'.repeat(100_000) } } };
	expect(await cpuMs(() => classify(hostile))).toBeLessThan(500);
});
