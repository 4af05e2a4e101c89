import { RequestError } from '../../../core/http/failure';
import { afterFailure } from '../../../forwarder/run/afterFailure';
import { providerNamed, providerNames } from '../../../providers/registry';

const refused = (status: number) => new RequestError({ method: 'GET', path: '/events', kind: 'http', status });

test.each([...providerNames])(
	'what %s was told as a secret is named when its key is refused, and nothing else',
	(name) => {
		const provider = providerNamed(name)!;
		const secrets = Object.keys(provider.settings).filter((setting) => provider.settings[setting]!.secret);
		const { kind, fix } = afterFailure(refused(401), 1, 60_000, provider);
		expect(kind).toBe('refused');
		expect(fix).toBe(`the key is not accepted: check ${secrets.join(' and ')}; a rotated key needs no restart`);
	},
);

test.each([
	['entra', 'check baseUrl and tenant and log'],
	['auditapi', 'check baseUrl'],
])('what says which log of %s it is, is named when there is none', (name, fix) => {
	expect(afterFailure(refused(404), 1, 60_000, providerNamed(name)!).fix).toBe(fix);
});
