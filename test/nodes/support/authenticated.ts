/** Applies a credential to a request as n8n does, with plain JavaScript for its expressions. */
import type { ICredentialType, IHttpRequestOptions } from 'n8n-workflow';

export async function authenticated(
	type: ICredentialType,
	credentials: Record<string, unknown>,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const { authenticate } = type;
	if (typeof authenticate === 'function') return authenticate(credentials as never, options);
	const headers = Object.entries(authenticate?.properties.headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		resolved(value as string, credentials),
	]);
	return { ...options, headers: { ...options.headers, ...(Object.fromEntries(headers) as Record<string, string>) } };
}

/** Text with `{{ }}` after an equals sign. */
export function resolved(value: string, $credentials: Record<string, unknown>): string {
	if (!value.startsWith('=')) return value;
	return value.slice(1).replace(/\{\{(.*?)\}\}/gs, (_whole, code: string) => {
		// eslint-disable-next-line @typescript-eslint/no-implied-eval
		const evaluate = new Function('$credentials', `return (${code})`) as (credentials: unknown) => unknown;
		return String(evaluate($credentials));
	});
}
