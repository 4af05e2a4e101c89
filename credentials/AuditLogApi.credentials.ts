import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { pace, redirects } from '../nodes/shared/credential';

const shownFor = (...authentication: string[]) => ({ show: { authentication } });

export class AuditLogApi implements ICredentialType {
	name = 'auditLogApi';

	displayName = 'Audit Log API';

	icon = { light: 'file:../nodes/AuditLog/auditLog.svg', dark: 'file:../nodes/AuditLog/auditLog.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#audit-log';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.github.com',
			description: 'The key is sent to this address only, whatever a workflow says',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Basic', value: 'basic' },
				{ name: 'Bearer Token', value: 'bearer' },
				{ name: 'Key in a Header', value: 'header' },
			],
			default: 'bearer',
		},
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			displayOptions: shownFor('header'),
			default: 'Authorization',
			placeholder: 'e.g. Authorization',
		},
		{
			displayName: 'Scheme',
			name: 'scheme',
			type: 'string',
			displayOptions: shownFor('header'),
			default: '',
			placeholder: 'e.g. SSWS',
			description: 'Word before the key. Empty: the key alone.',
		},
		{
			displayName: 'Key or Token',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: shownFor('bearer', 'header'),
			default: '',
			placeholder: 'e.g. 0123456789abcdef…',
			description: 'One that may read the audit log, and nothing else if the service can limit it',
		},
		{
			displayName: 'User',
			name: 'username',
			type: 'string',
			displayOptions: shownFor('basic'),
			default: '',
			placeholder: 'e.g. auditor@example.com',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: shownFor('basic'),
			default: '',
			placeholder: 'e.g. 0123456789abcdef…',
		},
		{
			displayName: 'Test Path',
			name: 'testPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. /user',
			description: 'Path below the base URL that the key may read, for the test of this credential alone',
		},
		...pace(60),
	];

	// a function, because where the key goes is up to the fields
	authenticate = async (
		{ authentication, headerName, scheme, apiKey, username, password }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const said = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
		const pair = `${said(username)}:${said(password)}`;
		const sent: Record<string, [name: string, value: string]> = {
			basic: ['authorization', `Basic ${Buffer.from(pair).toString('base64')}`],
			header: [said(headerName).toLowerCase() || 'authorization', `${said(scheme)} ${said(apiKey)}`.trim()],
		};
		const [name, value] = sent[said(authentication)] ?? ['authorization', `Bearer ${said(apiKey)}`];
		return { ...options, headers: { ...options.headers, [name]: value } };
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "")}}',
			url: '={{($credentials.testPath || "").trim()}}',
			disableFollowRedirect: true,
		},
		rules: [
			...redirects,
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'The service did not accept the key. It may be mistyped, expired or deleted.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The key may not read this path. Give it the rights, or enter another Test Path.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is nothing at this address. Check the base URL, or enter a Test Path that the key may read.',
				},
			},
		],
	};
}
