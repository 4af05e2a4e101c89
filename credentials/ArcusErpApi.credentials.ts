import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { pace, redirects } from '../nodes/shared/credential';

export class ArcusErpApi implements ICredentialType {
	name = 'arcusErpApi';

	displayName = 'Arcus ERP API';

	icon = { light: 'file:../nodes/ArcusErp/arcusErp.svg', dark: 'file:../nodes/ArcusErp/arcusErp.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#arcus-erp';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. ark_live_ent_…',
			description:
				'A key with the scope audit:read. The webhook trigger needs webhooks:manage, too. Created under Settings › Developers › API Keys.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.arcuserp.com/v1',
			placeholder: 'e.g. https://api.arcuserp.com/v1',
			description: 'The console shows one per mode (test or live)',
		},
		{
			displayName: 'Entity ID',
			name: 'entityId',
			type: 'string',
			default: '',
			placeholder: 'e.g. d61363b4-2e52-4e8e-8683-8b3959a66e7a',
			description:
				'Read below /entities/{entityId} instead of the flat paths; only for keys that see several entities. Leave empty otherwise: the key knows its entity.',
		},
		...pace(240),
	];

	// a function, because n8n evaluates expressions in a sandbox: that would be two milliseconds for each request
	authenticate = async (
		{ apiKey }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		return { ...options, headers: { ...options.headers, authorization: `Bearer ${`${apiKey as string}`.trim()}` } };
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "") || "https://api.arcuserp.com/v1"}}',
			url: '={{$credentials.entityId ? "/entities/" + encodeURIComponent($credentials.entityId.trim()) : ""}}/audit_log_entries',
			qs: { limit: 1 },
			disableFollowRedirect: true,
		},
		rules: [
			...redirects,
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'Arcus ERP did not accept the API key. It may be mistyped, expired or deleted.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The API key is not allowed to read the audit log: it needs the scope audit:read, and this entity and address must be its own.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is no audit log at this base URL. It ends in /v1; check the entity ID too, if one is given.',
				},
			},
		],
	};
}
