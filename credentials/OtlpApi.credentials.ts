import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { ENDPOINT, WITH_PATH } from '../nodes/OtlpLogs/endpoint';
import { pace, redirects } from '../nodes/shared/credential';

const onlyFor = (preset: string) => ({ show: { preset: [preset] } });

export class OtlpApi implements ICredentialType {
	name = 'otlpApi';

	displayName = 'OTLP API';

	icon = { light: 'file:../nodes/OtlpLogs/otlpLogs.svg', dark: 'file:../nodes/OtlpLogs/otlpLogs.dark.svg' } as const;

	documentationUrl = 'https://github.com/audit-relay/audit-relay/blob/main/docs/n8n/credentials.md#otlp';

	properties: INodeProperties[] = [
		{
			displayName: 'Receiver',
			name: 'preset',
			type: 'options',
			options: [
				{ name: 'Collector or Other OTLP Receiver', value: 'collector' },
				{ name: 'Datadog', value: 'datadog' },
			],
			default: 'collector',
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			required: true,
			displayOptions: onlyFor('collector'),
			default: '',
			placeholder: 'e.g. https://collector.example.com:4318',
			description: 'OTLP over HTTP. The path /v1/logs is added if it is not there.',
		},
		{
			displayName: 'Site',
			name: 'site',
			type: 'options',
			displayOptions: onlyFor('datadog'),
			options: [
				{ name: 'AP1', value: 'ap1.datadoghq.com' },
				{ name: 'AP2', value: 'ap2.datadoghq.com' },
				{ name: 'EU', value: 'datadoghq.eu' },
				{ name: 'US1', value: 'datadoghq.com' },
				{ name: 'US3', value: 'us3.datadoghq.com' },
				{ name: 'US5', value: 'us5.datadoghq.com' },
			],
			default: 'datadoghq.com',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: onlyFor('datadog'),
			default: '',
			placeholder: 'e.g. 0123456789abcdef…',
		},
		{
			displayName: 'Secret Headers',
			name: 'secretHeaders',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. authorization=Bearer%20abc,x-tenant=7',
			description:
				'Written as in OTEL_EXPORTER_OTLP_HEADERS: name=value, several separated by commas, special characters percent-encoded',
		},
		...pace(600),
	];

	// a function, because the number of headers is up to the receiver
	authenticate = async (
		{ preset, apiKey, secretHeaders }: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const key = preset === 'datadog' && typeof apiKey === 'string' ? { 'dd-api-key': apiKey.trim() } : {};
		const given = typeof secretHeaders === 'string' ? pairs(secretHeaders) : {};
		return { ...options, headers: { ...options.headers, ...given, ...key } };
	};

	/** The two bytes are a request with one empty `ResourceLogs`: every receiver takes protobuf, and nothing is stored. */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			url: `={{ $credentials.preset === "datadog" ? "https://otlp." + $credentials.site + "/v1/logs" : $credentials.endpoint.trim().replace(${ENDPOINT}, "${WITH_PATH}") }}`,
			headers: { 'Content-Type': 'application/x-protobuf' },
			body: '\n\u0000',
			disableFollowRedirect: true,
		},
		rules: [
			...redirects,
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The receiver did not accept the key. Check the API key, or the name and value of the secret headers.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'The receiver does not allow this. Check the API key, or the name and value of the secret headers.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'The receiver knows no /v1/logs at this endpoint. Check host and port: 4318 is usual for OTLP over HTTP.',
				},
			},
		],
	};
}

function pairs(text: string): Record<string, string> {
	const entries = text
		.split(',')
		.filter((part) => part.includes('='))
		.map((part): [string, string] => {
			const at = part.indexOf('=');
			return [decoded(part.slice(0, at)).toLowerCase(), decoded(part.slice(at + 1))];
		});
	return Object.fromEntries(entries.filter(([name]) => name !== ''));
}

/** A lone percent sign is taken as it is. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text.trim());
	} catch {
		return text.trim();
	}
}
