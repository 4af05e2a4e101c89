/** Whether a request carries the key as declared; and the place where tokens are given. */
import type { Declaration } from '../../providers/declared/form/declaration';
import { json, type Call, type SimReply } from '../api';
import { fill, type Json, type Values } from './places';
import type { Readings } from './readings';

/** When each token that was given ends, in milliseconds. */
export type Tokens = Map<string, number>;

const HOUR_SECONDS = 3600;
/** Milliseconds that another clock may be ahead. */
const SKEW = 300_000;

export function isAuthorized(
	call: Call,
	{ auth }: Declaration,
	values: Values,
	secrets: Values,
	tokens: Tokens,
	now: number,
): boolean {
	const sent = (name: string) => call.header(name) ?? '';
	const of = (name: string | undefined) => (name === undefined ? '' : (secrets[name] ?? values[name] ?? ''));
	switch (auth.kind) {
		case 'header': {
			const key = auth.scheme === undefined ? of('apiKey') : `${auth.scheme} ${of('apiKey')}`;
			return sent(auth.name ?? 'authorization') === key;
		}
		case 'headers':
			return Object.entries(auth.headers ?? {}).every(([name, setting]) => sent(name) === of(setting));
		case 'basic': {
			const pair = `${of(auth.user)}:${of(auth.password)}`;
			return sent('authorization') === `Basic ${Buffer.from(pair).toString('base64')}`;
		}
		case 'clientCredentials':
		case 'jwtAssertion': {
			const token = /^Bearer (.+)$/.exec(sent('authorization'))?.[1] ?? '';
			return (tokens.get(token) ?? 0) > now;
		}
	}
}

/** Undefined when tokens are given elsewhere than at this request's address. */
export function tokenAnswer(
	call: Call,
	{ auth }: Declaration,
	values: Values,
	secrets: Values,
	tokens: Tokens,
	now: number,
	{ tokensLast }: Readings,
): SimReply | undefined {
	if (auth.tokenUrl === undefined || call.path !== new URL(fill(auth.tokenUrl, values)).pathname) return undefined;
	const form: Json = auth.kind === 'clientCredentials' && auth.as === 'json' ? jsonOf(call.body) : formOf(call.body);
	const isGood =
		call.method === 'POST' &&
		(auth.kind === 'jwtAssertion'
			? form['grant_type'] === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && isSigned(form['assertion'])
			: form['grant_type'] === 'client_credentials' &&
				form['client_id'] === (secrets['clientId'] ?? values['clientId']) &&
				form['client_secret'] === secrets['clientSecret']);
	if (!isGood) return json(401, { error: 'invalid_client' });
	if (auth.kind === 'jwtAssertion' && !isOfNow(String(form['assertion']), now))
		return json(400, { error: 'invalid_grant', error_description: 'the assertion is of another time' });
	const token = `token-${tokens.size + 1}`;
	tokens.set(token, now + Math.min(tokensLast, HOUR_SECONDS * 1000));
	return json(200, { access_token: token, token_type: 'Bearer', expires_in: HOUR_SECONDS });
}

/** Three parts; the signature is not looked at. */
const isSigned = (assertion: unknown) => typeof assertion === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion);

/** As vendors do: issued a few minutes ahead at most, good for an hour at most, and not over. */
function isOfNow(assertion: string, now: number): boolean {
	const claims = jsonOf(Buffer.from(assertion.split('.')[1]!, 'base64url').toString());
	const [issued, ends] = [Number(claims['iat']) * 1000, Number(claims['exp']) * 1000];
	return issued < now + SKEW && ends > now && ends - issued <= HOUR_SECONDS * 1000;
}

const formOf = (body: string): Json => Object.fromEntries(new URLSearchParams(body));

function jsonOf(body: string): Json {
	try {
		return JSON.parse(body) as Json;
	} catch {
		return {};
	}
}
