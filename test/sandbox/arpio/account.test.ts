import { asker } from '../support';
import { account, setup } from './support';

describe('Arpio: the account around the feed', () => {
	const app = `${account}/applications/Zt5wQe8rUy1iOp3aSd6fGh`;
	const pair = `${account}/syncPairs/111122223333/eu-central-1/444455556666/ap-northeast-1`;

	it('lists applications in any of three envelopes', () => {
		const list = (applications: 'array' | 'applications' | 'items') =>
			setup({ applications }).ask(`${account}/applications`).data;
		expect(list('array')).toHaveLength(2);
		expect(list('applications')['applications']).toHaveLength(2);
		expect(list('items')['items']).toHaveLength(2);
	});

	it('calls the id appId or id', () => {
		expect(setup().ask(app).data).toHaveProperty('appId');
		const renamed = setup({ applicationIdKey: 'id' }).ask(app).data;
		expect(renamed).toHaveProperty('id', 'Zt5wQe8rUy1iOp3aSd6fGh');
		expect(renamed).not.toHaveProperty('appId');
	});

	it('has resources, issues, recovery points and access', () => {
		const { ask } = setup();
		expect(ask(`${app}/resources`).data['resources']).toBeInstanceOf(Array);
		expect(ask(`${app}/issues`).data).toHaveLength(2);
		expect(ask(`${pair}/recoveryPoints`).data).toHaveLength(2);
		expect(ask(`${pair}/recoveryPoints?timestampStart=2026-02-11T08:40:00Z`).data).toHaveLength(1);
		expect(ask(`${pair}/recoveryPoints/hp5HT0VMBLAUJHxE4zIKeD`).data).toHaveProperty('protected', true);
		expect(ask(`${pair}/access`).data).toHaveProperty('targetIsLatest', false);
	});

	it('answers 404 to what it does not know', () => {
		const { ask } = setup();
		for (const path of [`${account}/applications/x`, `${app}/x`, `${pair}/x`, `${account}/x`])
			expect(ask(path).status).toBe(404);
	});

	it('offers the resource types without a key, or no longer', () => {
		const status = (resourceTypes: 'offered' | 'gone') =>
			asker(setup({ resourceTypes }).api, {})('/api/info/resourceTypes.json').status;
		expect([status('offered'), status('gone')]).toEqual([200, 404]);
	});
});
