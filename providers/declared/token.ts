/** Tokens of OAuth2, for a client's secret or for a signed assertion: fetched when one is needed, kept for most of its life. */
import type { HttpResponse } from '../../core/contract';
import type { Secrets, Settings, TokenDoor, Tokens } from '../../core/provider';
import { serverTime } from '../../core/http/retryAfter';
import { toMillis } from '../../core/time';
import { assertion } from './assertion';
import type { Declaration } from './form/declaration';
import type { Auth } from './form/request';
import { filledIn, valuesOf, type Values } from './template';
import { tokenIn } from './tokenAnswer';

/** Part of the life of a token after which it is renewed. */
const RENEW = 0.8;
/** Of two clocks, before ours is set right by theirs. */
const SKEW = 60_000;

interface Held {
	token: string;
	/** Milliseconds since the epoch. */
	until: number;
	/** What it was given for. */
	secrets: string;
}

export function tokensOf(declaration: Declaration, settings: Settings, door: TokenDoor): Tokens {
	const { auth } = declaration;
	const values = valuesOf(declaration, settings);
	const fill = (template: string | undefined) => (template === undefined ? undefined : filledIn(template, values));
	const url = filledIn(auth.tokenUrl!, values);
	let held: Held | undefined;
	let asking: Promise<Held> | undefined;
	/** How far their clock is ahead of ours, in milliseconds. */
	let ahead = 0;

	async function fetched(secrets: Secrets): Promise<Held> {
		const first = await ask(secrets);
		const theirs = serverTime(first.headers);
		const skew = theirs === undefined ? 0 : toMillis(theirs) - door.clock.now();
		const isLate = auth.kind === 'jwtAssertion' && first.status === 400 && Math.abs(skew - ahead) > SKEW;
		if (isLate) ahead = skew;
		const response = isLate ? await ask(secrets) : first;
		const { token, lifeMs } = await tokenIn(response, url, secrets, door);
		return { token, until: door.clock.now() + lifeMs * RENEW, secrets: JSON.stringify(secrets) };
	}

	async function ask(secrets: Secrets): Promise<HttpResponse> {
		const isJson = auth.as === 'json';
		const members = await membersOf(auth, secrets, settings, { fill, url, now: door.clock.now() + ahead, door });
		const body = isJson ? JSON.stringify(members) : formText(members);
		return door.post(url, { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' }, body);
	}

	return {
		key: JSON.stringify([url, fill(auth.scope), fill(auth.audience), fill(auth.subject), settings['clientId']]),
		async authorize(secrets) {
			const isGood = held && held.until > door.clock.now() && held.secrets === JSON.stringify(secrets);
			if (!isGood) {
				// one request, however many streams wait for it
				asking ??= fetched(secrets).finally(() => (asking = undefined));
				held = await asking;
			}
			return { authorization: `Bearer ${held!.token}` };
		},
		refused: () => (held = undefined),
	};
}

interface Asking {
	fill(template: string | undefined): string | undefined;
	url: string;
	/** Milliseconds since the epoch, by the clock of the other side. */
	now: number;
	door: TokenDoor;
}

async function membersOf(
	auth: Auth,
	secrets: Secrets,
	settings: Settings,
	asking: Asking,
): Promise<Record<string, string>> {
	const { fill, url, now, door } = asking;
	if (auth.kind === 'jwtAssertion') {
		const claims = { aud: fill(auth.audience) ?? url, scope: fill(auth.scope), sub: fill(auth.subject) };
		return {
			grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
			assertion: await assertion(secrets['keyFile'] ?? '', claims, now, door.sign),
		};
	}
	const given: Record<string, string | undefined> = {
		grant_type: 'client_credentials',
		client_id: settings['clientId'] ?? secrets['clientId'],
		client_secret: secrets['clientSecret'],
		scope: fill(auth.scope),
		audience: fill(auth.audience),
		...Object.fromEntries(Object.entries(auth.fields ?? {}).map(([name, field]) => [name, fill(field)])),
	};
	return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function formText(members: Values): string {
	return Object.entries(members)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value ?? '')}`)
		.join('&');
}
