import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { pace } from '../nodes/shared/credential';

/** n8n gets the tokens, keeps them, and asks for a new one when one is refused. */
export class AuditLogOAuth2Api implements ICredentialType {
	name = 'auditLogOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Audit Log OAuth2 API';

	icon = { light: 'file:../nodes/AuditLog/auditLog.svg', dark: 'file:../nodes/AuditLog/auditLog.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#audit-log';

	properties: INodeProperties[] = [
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'clientCredentials' },
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://graph.microsoft.com',
			description: 'Tokens are sent to this address only, whatever a workflow says',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://login.example.com/oauth2/v2.0/token',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://graph.microsoft.com/.default',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Body', value: 'body', description: 'Client ID and secret in the body of the request for a token' },
				{ name: 'Header', value: 'header', description: 'Client ID and secret as Basic authentication' },
			],
			default: 'body',
		},
		...pace(60),
	];
}
