/**
 * n8n's lint wants the fields of a node written out where they stand. They are held against what the provider declares: a setting
 * that is added or changed has to be so in the node or in its credential, too, and what a node reads by has the provider's limits.
 */
import type { INodeProperties, INodeType, IPollFunctions } from 'n8n-workflow';
import type { Provider, Setting, Settings } from '../../core/provider';
import { hash128 } from '../../core/record/hash';
import { ArcusErpApi } from '../../credentials/ArcusErpApi.credentials';
import { ArpioApi } from '../../credentials/ArpioApi.credentials';
import { AuditApi } from '../../credentials/AuditApi.credentials';
import { ArcusErp } from '../../nodes/ArcusErp/ArcusErp.node';
import { ArcusErpTrigger } from '../../nodes/ArcusErp/ArcusErpTrigger.node';
import { ArcusErpWebhookTrigger } from '../../nodes/ArcusErp/ArcusErpWebhookTrigger.node';
import { Arpio } from '../../nodes/Arpio/Arpio.node';
import { ArpioTrigger } from '../../nodes/Arpio/ArpioTrigger.node';
import { AuditApi as AuditApiNode } from '../../nodes/AuditApi/AuditApi.node';
import { AuditApiTrigger } from '../../nodes/AuditApi/AuditApiTrigger.node';
import { pollTrigger } from '../../nodes/shared/trigger/poll';
import { runtime } from '../../nodes/shared/runtime';
import { markOf } from '../../nodes/shared/trigger/settings';
import { arpio } from '../../providers/arpio/provider';
import { providers, type ProviderName } from '../../providers/registry';
import { poller } from './support/poller';
import { createWorld } from './support/world';

const doors = {
	arpio: { credential: new ArpioApi(), nodes: [new Arpio(), new ArpioTrigger()] },
	'arcus-erp': {
		credential: new ArcusErpApi(),
		nodes: [new ArcusErp(), new ArcusErpTrigger(), new ArcusErpWebhookTrigger()],
	},
	auditapi: { credential: new AuditApi(), nodes: [new AuditApiNode(), new AuditApiTrigger()] },
} satisfies Record<ProviderName, { credential: { properties: INodeProperties[] }; nodes: INodeType[] }>;

/** Feeds of their own, with limits of their own. */
const OTHER_LISTS: unknown[] = ['activityEvent'];

function everyField(fields: readonly INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => {
		const inner = field.type === 'collection' ? (field.options as INodeProperties[]) : [];
		const { displayOptions } = field;
		return [field, ...everyField(inner.map((one) => ({ displayOptions, ...one })))];
	});
}

describe.each(Object.entries(doors))('the nodes of %s', (name, { credential, nodes }) => {
	const provider: Provider = providers[name as ProviderName];
	const settings = Object.entries(provider.settings);

	it.each(nodes.map((node): [string, INodeType] => [node.description.name, node]))(
		'%s: each setting is a field of its credential or its own, as declared',
		(_node, { description }) => {
			expect(description.credentials).toMatchObject([{ name: credential.name, required: true }]);
			const own = everyField(description.properties);
			for (const [setting, declared] of settings) {
				const given = [...own, ...credential.properties].filter((field) => field.name === setting);
				expect(given.map(asDeclared)).toEqual([wanted(declared)]);
			}
		},
	);

	it.each(nodes.map((node): [string, INodeType] => [node.description.name, node]))(
		'%s: pages and lateness are those of the provider',
		(_node, { description }) => {
			const { pageSize, maxPageSize, latenessMs } = provider.defaults;
			for (const { name: field, default: usual, typeOptions, displayOptions } of everyField(description.properties)) {
				const isOther = displayOptions?.show?.['resource']?.some((one) => OTHER_LISTS.includes(one));
				if (field === 'pageSize' && !isOther)
					expect([usual, typeOptions]).toEqual([pageSize, { minValue: 1, maxValue: maxPageSize }]);
				if (field === 'latenessMinutes') expect(usual).toBe(latenessMs / 60_000);
			}
		},
	);
});

/** The credential may say more than the declaration, in sentences of its own. */
function asDeclared({ name: _, displayName, description = '', required = false, default: usual }: INodeProperties) {
	return { displayName, description: description.split('. ')[0]!.replace(/\.$/, ''), required, default: usual };
}

function wanted({ title, description, required = false, default: usual = '' }: Setting) {
	return { displayName: title, description, required, default: usual };
}

describe('a setting that only this provider has', () => {
	const given: Settings[] = [];
	const provider: Provider = {
		...arpio,
		settings: { ...arpio.settings, region: { title: 'Region', description: 'x', identity: true, default: 'eu' } },
		source(call, settings, ...others) {
			given.push(settings);
			return arpio.source(call, settings, ...others);
		},
	};
	const type: INodeType = {
		description: new ArpioTrigger().description,
		poll(this: IPollFunctions) {
			return pollTrigger(this, { provider, credentialType: 'arpioApi' });
		},
	};

	it('reaches the source from the credential, and another value of it is another log', async () => {
		const world = createWorld();
		const marks = [];
		for (const region of [undefined, 'eu', ' us ']) {
			const trigger = poller(world, type, { watch: ['everything'] });
			if (region !== undefined) world.credentials['arpioApi']!['region'] = region;
			await trigger.poll();
			marks.push((trigger.staticData['state'] as { fingerprint: string }).fingerprint);
			runtime.latest.clear();
		}
		expect(given.map(({ region }) => region)).toEqual(['eu', 'eu', 'us']);
		expect(given[0]).not.toHaveProperty('apiKey');
		expect(marks[0]).toBe(marks[1]);
		expect(marks[2]).not.toBe(marks[0]);
	});
});

it.each([
	['arpio', { accountId: 'acc' }, ['arpio', 'https://x', 'acc', null, null]],
	['arcus-erp', {}, ['arcus-erp', 'https://x', 'cred', null, null]],
	['arcus-erp', { entityId: 'e' }, ['arcus-erp', 'https://x', 'cred', 'e', null]],
	['auditapi', {}, ['auditapi', 'https://x', 'cred', null, null]],
])('a trigger of %s with %j has the mark that it always had: another one would begin anew', (name, settings, parts) => {
	const context = { getNode: () => ({ credentials: { it: { id: 'cred' } } }) } as unknown as IPollFunctions;
	const mark = markOf(context, providers[name as ProviderName], 'it', { baseUrl: 'https://x', settings });
	expect(mark).toBe(hash128(JSON.stringify(parts)));
});
