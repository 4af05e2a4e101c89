/** OAuth2 client credentials as n8n's request helper does them: a token that is kept, and a new one when an error says 401. */
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import type { World } from './world';

const tokens = new WeakMap<World, string>();

export async function withToken(
	world: World,
	credentialType: string,
	options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
	const send = async () => {
		const token = tokens.get(world) ?? (await newToken(world, credentialType));
		const headers = { ...options.headers, authorization: `Bearer ${token}` };
		return world.request(credentialType, { ...options, headers });
	};
	const first = await send();
	if (options.ignoreHttpStatusErrors || first.statusCode < 300) return first;
	if (first.statusCode === 401) tokens.delete(world);
	const second = first.statusCode === 401 ? await send() : first;
	if (second.statusCode >= 300) throw Object.assign(new Error('wrapped'), { httpCode: String(second.statusCode) });
	return second;
}

async function newToken(world: World, credentialType: string): Promise<string> {
	const { accessTokenUrl = '', clientId = '', clientSecret = '' } = world.credentials[credentialType]!;
	const body = new URLSearchParams({
		grant_type: 'client_credentials',
		...{ client_id: clientId, client_secret: clientSecret },
	}).toString();
	const headers = { 'content-type': 'application/x-www-form-urlencoded' };
	const answer = await world.request(credentialType, { url: accessTokenUrl, method: 'POST', body, headers });
	if (answer.statusCode !== 200)
		throw new Error('wrapped', { cause: Object.assign(new Error('invalid_client'), { code: 'EAUTH' }) });
	const pieces: Uint8Array[] = [];
	for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
	const { access_token: token } = JSON.parse(Buffer.concat(pieces).toString()) as { access_token: string };
	tokens.set(world, token);
	return token;
}
