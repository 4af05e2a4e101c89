import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { pace, redirects } from '../nodes/shared/credential';

export class AuditApi implements ICredentialType {
	name = 'auditApi';

	displayName = 'AuditAPI API';

	icon = { light: 'file:../nodes/AuditApi/auditApi.svg', dark: 'file:../nodes/AuditApi/auditApi.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#auditapi';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. 0123456789abcdef…',
			description:
				'A key that may read events. To create events, one that may write them. It is in the settings of the project.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.auditapi.com/v1',
			placeholder: 'e.g. https://api.auditapi.com/v1',
		},
		...pace(60),
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
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "") || "https://api.auditapi.com/v1"}}',
			url: '/events',
			qs: { limit: 1 },
			disableFollowRedirect: true,
		},
		rules: [
			...redirects,
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'AuditAPI did not accept the API key. It may be mistyped, or belong to a deleted project.',
				},
			},
			{
				type: 'responseCode',
				properties: { value: 404, message: 'There are no events at this base URL. It ends in /v1.' },
			},
		],
	};
}
