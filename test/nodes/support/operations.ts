/** Every operation of the action nodes with parameters that work. */
import type { INodeParameters, INodeType } from 'n8n-workflow';
import { ArcusErp } from '../../../nodes/ArcusErp/ArcusErp.node';
import { Arpio } from '../../../nodes/Arpio/Arpio.node';
import { AuditApi } from '../../../nodes/AuditApi/AuditApi.node';

const picked = (value: string) => ({ __rl: true, mode: 'id', value });

const APP = 'Zt5wQe8rUy1iOp3aSd6fGh';
const ENTRY = 'a58b41f4-1adc-4594-ab08-a87e3a264318';
const EVENT = 'a568fbf6-7772-4f4f-8d41-76a4504deef1';

const PAIR = {
	environments: 'manual',
	sourceAwsAccountId: '111122223333',
	sourceRegion: 'eu-central-1',
	targetAwsAccountId: '444455556666',
	targetRegion: 'ap-northeast-1',
};

export const ids = { application: APP, entry: ENTRY, event: EVENT };

export type Case = [title: string, type: INodeType, parameters: INodeParameters];

export const arpioCases: Case[] = [
	['Arpio: Audit Event: Get Many', new Arpio(), { resource: 'auditEvent', operation: 'getAll' }],
	['Arpio: Application: Get', new Arpio(), { resource: 'application', operation: 'get', application: picked(APP) }],
	['Arpio: Application: Get Many', new Arpio(), { resource: 'application', operation: 'getAll' }],
	[
		'Arpio: Application: Get Resources',
		new Arpio(),
		{ resource: 'application', operation: 'getResources', application: picked(APP) },
	],
	[
		'Arpio: Application: Get Issues',
		new Arpio(),
		{ resource: 'application', operation: 'getIssues', application: picked(APP) },
	],
	[
		'Arpio: Recovery: Get Status',
		new Arpio(),
		{
			resource: 'recovery',
			operation: 'getStatus',
			eventId: '74pdutYC1mOreM7O9YNBep',
			eventTime: '2026-02-11T09:14:07Z',
		},
	],
	[
		'Arpio: Application: Get Status Changes',
		new Arpio(),
		{ resource: 'application', operation: 'getStatusChanges', scope: 'backup', application: picked(APP) },
	],
	['Arpio: Recovery Point: Get Many', new Arpio(), { resource: 'recoveryPoint', operation: 'getAll', ...PAIR }],
	[
		'Arpio: Recovery Point: Get',
		new Arpio(),
		{ resource: 'recoveryPoint', operation: 'get', recoveryPointId: 'MFmmCItwCsKV0ce8h0ht7c', ...PAIR },
	],
];

export const arcusCases: Case[] = [
	['Arcus ERP: Get', new ArcusErp(), { resource: 'auditLogEntry', operation: 'get', entry: picked(ENTRY) }],
	['Arcus ERP: Get Many', new ArcusErp(), { resource: 'auditLogEntry', operation: 'getAll' }],
	['Arcus ERP: Search', new ArcusErp(), { resource: 'auditLogEntry', operation: 'search', searchText: 'order' }],
	['Arcus ERP: Verify Chain', new ArcusErp(), { resource: 'auditLogEntry', operation: 'verify' }],
	['Arcus ERP: Get Statistics', new ArcusErp(), { resource: 'auditLogEntry', operation: 'getStats' }],
	['Arcus ERP: Activity: Get Many', new ArcusErp(), { resource: 'activityEvent', operation: 'getAll' }],
];

export const auditApiCases: Case[] = [
	['AuditAPI: Create', new AuditApi(), { resource: 'event', operation: 'create', action: 'account.created' }],
	['AuditAPI: Get', new AuditApi(), { resource: 'event', operation: 'get', event: picked(EVENT) }],
	['AuditAPI: Get Many', new AuditApi(), { resource: 'event', operation: 'getAll' }],
	['AuditAPI: Search', new AuditApi(), { resource: 'event', operation: 'search', query: 'account*' }],
];

export const allCases: Case[] = [...arpioCases, ...arcusCases, ...auditApiCases];
