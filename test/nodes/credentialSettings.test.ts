/**
 * n8n's lint wants the fields of a credential written out, so they cannot be made of what the provider declares. They are held
 * against it instead: a setting that is added, renamed or made secret has to be so in the credential, too.
 */
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { ArcusErpApi } from '../../credentials/ArcusErpApi.credentials';
import { ArpioApi } from '../../credentials/ArpioApi.credentials';
import { AuditApi } from '../../credentials/AuditApi.credentials';
import type { Provider } from '../../core/provider';
import { providers, type ProviderName } from '../../providers/registry';

const credentials = {
	arpio: new ArpioApi(),
	'arcus-erp': new ArcusErpApi(),
	auditapi: new AuditApi(),
} satisfies Record<ProviderName, ICredentialType>;

/** Of n8n's side only. */
const OWN = ['baseUrl', 'requestsPerMinute', 'processes'];
const KEY = 'id:secret';

describe.each(Object.entries(credentials))('the credential of %s', (name, credential: ICredentialType) => {
	const provider: Provider = providers[name as ProviderName];
	const fields = new Map(credential.properties.map((field): [string, INodeProperties] => [field.name, field]));

	it('has a field for each setting, and for nothing else', () => {
		const wanted = [...Object.keys(provider.settings), ...OWN];
		expect([...fields.keys()].sort()).toEqual(wanted.sort());
	});

	it.each(Object.entries(provider.settings))('asks for %s as it is declared', (setting, declared) => {
		const { displayName, required = false, typeOptions, default: usual, options } = fields.get(setting)!;
		expect(displayName).toBe(declared.title);
		expect(required).toBe(declared.required ?? false);
		expect(typeOptions?.password ?? false).toBe(declared.secret ?? false);
		expect(usual).toBe(declared.default ?? '');
		expect(options?.map((option) => 'value' in option && option.value)).toEqual(declared.values);
	});

	it('goes to the same address, at the same pace', () => {
		const { baseUrl, requestsPerMinute } = provider.defaults;
		expect(fields.get('baseUrl')!.default).toBe(baseUrl);
		expect(credential.test!.request.baseURL).toContain(`|| "${baseUrl}"`);
		expect(fields.get('requestsPerMinute')!.default).toBe(requestsPerMinute);
	});

	it('sends the key in the same headers', async () => {
		const authenticate = credential.authenticate as (
			given: ICredentialDataDecryptedObject,
			options: IHttpRequestOptions,
		) => Promise<IHttpRequestOptions>;
		const { headers } = await authenticate({ apiKey: ` ${KEY}\n` }, { url: '/', headers: { accept: 'a' } });
		expect(headers).toEqual({ accept: 'a', ...provider.authorize({ apiKey: KEY }) });
	});
});
