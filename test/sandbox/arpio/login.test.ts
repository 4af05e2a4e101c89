import { arpioSandboxUser } from '../../../sandbox/arpio/login';
import { asker } from '../support';
import { account, events, setup } from './support';

type Sent = { status: number; data: Record<string, unknown>; headers: Record<string, unknown> };

function visitor() {
	const { api, clock } = setup();
	const send = (method: string, url: string, body?: object, headers: Record<string, string> = {}): Sent => {
		const reply = api.handle({ method, url, headers, ...(body && { body: JSON.stringify(body) }) });
		return { status: reply.status, data: JSON.parse(reply.body) as Record<string, unknown>, headers: reply.headers };
	};
	const authToken = () => {
		const { authenticateUrl } = send('GET', '/api/accounts').data;
		const { loginUrl } = send('GET', String(authenticateUrl)).data;
		return new URL(String(loginUrl)).searchParams.get('authToken');
	};
	const nativeAuthToken = () => send('POST', '/api/users/login', arpioSandboxUser).data['nativeAuthToken'];
	return { api, clock, send, authToken, nativeAuthToken };
}

test('whoever logs in by the steps of the vendor’s script makes a key, which reads at once', () => {
	const { api, send, authToken, nativeAuthToken } = visitor();
	const done = send('POST', '/api/auth/nativeAcs', { authToken: authToken(), nativeAuthToken: nativeAuthToken() });
	expect(done.status).toBe(200);
	// as the script cuts the session out
	const session = String(done.headers['set-cookie']).split('=', 2)[1]!;
	const made = send('POST', `${account}/apiKeys`, { name: 'mine' }, { cookie: `ArpioSession=${session}` });
	expect(made).toMatchObject({ status: 201, data: { name: 'mine' } });
	const key = `${String(made.data['apiKeyId'])}:${String(made.data['secret'])}`;
	expect(asker(api, { 'x-api-key': key })(events).status).toBe(200);
	const listed = api.handle({ method: 'GET', url: `${account}/apiKeys`, headers: { 'x-api-key': key } });
	expect(listed.body).toContain('"mine"');
	expect(listed.body).not.toContain(String(made.data['secret']));
});

test('a wrong password, a token twice, and one that is too old are refused', () => {
	const { clock, send, authToken, nativeAuthToken } = visitor();
	expect(send('POST', '/api/users/login', { ...arpioSandboxUser, password: 'x' }).status).toBe(401);
	const tokens = { authToken: authToken(), nativeAuthToken: nativeAuthToken() };
	expect(send('POST', '/api/auth/nativeAcs', tokens).status).toBe(200);
	expect(send('POST', '/api/auth/nativeAcs', tokens).status).toBe(401);
	const old = { authToken: authToken(), nativeAuthToken: nativeAuthToken() };
	clock.advance(6 * 60_000);
	expect(send('POST', '/api/auth/nativeAcs', old).status).toBe(401);
});

test('nobody makes a key without a session', () => {
	const { send } = visitor();
	expect(send('POST', `${account}/apiKeys`, { name: 'x' }).status).toBe(401);
	expect(send('POST', `${account}/apiKeys`, { name: 'x' }, { cookie: 'ArpioSession=guess' }).status).toBe(401);
});
