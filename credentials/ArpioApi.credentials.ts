import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { pace, redirects } from '../nodes/shared/credential';

export class ArpioApi implements ICredentialType {
	name = 'arpioApi';

	displayName = 'Arpio API';

	icon = { light: 'file:../nodes/Arpio/arpio.svg', dark: 'file:../nodes/Arpio/arpio.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#arpio';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. keyId:secret',
			description: 'ID and secret of the key with a colon between them; a key with the role account_read is enough',
		},
		{
			displayName: 'Account ID',
			name: 'accountId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. q7RkT2mZpX0vLd9sYbNc4H',
			description: 'Account whose events are read: the first part of the path in the address bar of the Arpio console',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.arpio.io',
			placeholder: 'e.g. https://api.arpio.io',
		},
		...pace(60),
	];

	// a function, because n8n evaluates expressions in a sandbox: that would be two milliseconds for each request
	authenticate = async (
		{ apiKey }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		return { ...options, headers: { ...options.headers, 'x-api-key': `${apiKey as string}`.trim() } };
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "") || "https://api.arpio.io"}}',
			url: '=/api/accounts/{{encodeURIComponent($credentials.accountId.trim())}}/applications',
			disableFollowRedirect: true,
		},
		rules: [
			...redirects,
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Arpio did not accept the API key. It must be the ID and the secret of the key, with a colon between them.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The API key is not allowed to read this account. It needs the role account_read.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'Arpio does not know this account ID, or the base URL is not the one of its API.',
				},
			},
		],
	};
}
