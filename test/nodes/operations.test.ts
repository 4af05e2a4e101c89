/** What holds for every operation of every action node. */
import { NodeApiError, type INodeParameters, type INodeType } from 'n8n-workflow';
import { htmlPage } from '../../sandbox/faults';
import { execute, rows } from './support/context';
import { allCases } from './support/operations';
import { createWorld, type World } from './support/world';

let world: World;
beforeEach(() => (world = createWorld()));

async function failing(type: INodeType, parameters: INodeParameters): Promise<NodeApiError> {
	const thrown: unknown = await execute(world, type, { parameters }).then(
		() => undefined,
		(error: unknown) => error,
	);
	expect(thrown).toBeInstanceOf(NodeApiError);
	return thrown as NodeApiError;
}

const isCreate = (parameters: INodeParameters) => parameters.operation === 'create';

describe.each(allCases)('%s', (_title, type, parameters) => {
	it('returns items that are linked to the input item', async () => {
		const { output } = await execute(world, type, { parameters });
		expect(output.length).toBeGreaterThan(0);
		expect(output.every(({ pairedItem }) => (pairedItem as { item: number }).item === 0)).toBe(true);
		expect(output.map(({ json }) => json).slice(0, 2)).toMatchSnapshot();
	});

	it('says on 401 that the key is wrong, and does not ask again', async () => {
		world.interfere = () => ({ status: 401, body: '{"message":"Authentication required"}' });
		const error = await failing(type, parameters);
		expect(error.message).toMatch(/did not accept the API key/);
		expect(error.description).toMatch(/Check the key.*status 401, "Authentication required"/s);
		expect(error).toMatchObject({
			httpCode: '401',
			failure: { cause: 'credential-invalid' },
			context: { itemIndex: 0 },
		});
		expect(world.requests).toHaveLength(1);
	});

	it('says on 404 what to check, with the ID, and an account only where there is one', async () => {
		const headers = { 'x-request-id': 'req-7' };
		world.interfere = () => ({ status: 404, headers, body: '{"error":"not_found","hint":"No such thing"}' });
		const error = await failing(type, parameters);
		expect(error.message).toMatch(/does not know what was asked for/);
		expect(error.description).toMatch(/"No such thing".*request ID req-7/);
		const { name } = type.description;
		const where = { arpio: 'base URL and account ID', arcusErp: 'base URL and entity ID', auditApi: 'base URL' }[name];
		expect(error.description).toContain(`the ${where} in the credential.`);
		const picked = ['entry', 'event', 'application'].map((one) => (parameters[one] as { value?: string })?.value);
		for (const id of picked.filter(Boolean)) expect(error.description).toContain(`Check the ID ${id}, and`);
		expect(error).toMatchObject({ httpCode: '404', failure: { cause: 'configuration-invalid' } });
	});

	it.each([
		['seconds', () => '37'],
		['a date', () => new Date(world.clock.now() + 37_000).toUTCString()],
	])('waits on 429 as long as Retry-After says in %s', async (_form, value) => {
		const start = world.clock.now();
		world.interfere = (number) => (number === 1 ? { status: 429, headers: { 'retry-after': value() } } : undefined);
		expect((await rows(world, type, parameters)).length).toBeGreaterThan(0);
		expect(world.clock.now() - start).toBeGreaterThanOrEqual(37_000);
		expect(world.clock.now() - start).toBeLessThan(60_000);
	});

	it.each([
		['seconds', () => '90'],
		['a date', () => new Date(world.clock.now() + 90_000).toUTCString()],
	])('gives up on 429 without retries and passes on the wait in %s', async (_form, value) => {
		world.interfere = () => ({ status: 429, headers: { 'retry-after': value() } });
		const error = await failing(type, { ...parameters, options: { retries: 0 } });
		expect(error.message).toMatch(/allows no more requests/);
		expect(error.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 90_000 });
		expect(world.requests).toHaveLength(1);
	});

	it('says at once how long a pause is that lasts too long to be waited for, and sends nothing in it', async () => {
		world.interfere = () => ({ status: 429, headers: { 'retry-after': '3600' } });
		const start = world.clock.now();
		const words =
			/^Try again in 3600 s: nodes and triggers with this credential are paused until 2026-02-11T17:00:0\dZ\./;
		for (const _again of [1, 2]) {
			const error = await failing(type, parameters);
			expect(error.message).toMatch(/allows no more requests/);
			expect(error.description).toMatch(words);
			expect(error.failure).toMatchObject({ cause: 'rate-limited' });
		}
		expect(world.requests).toHaveLength(1);
		expect(world.clock.now() - start).toBeLessThan(1000);
	});

	it('survives a server fault, unless the request could be carried out twice', async () => {
		world.interfere = (number) => (number <= 2 ? { status: 502 } : undefined);
		if (isCreate(parameters)) {
			const error = await failing(type, parameters);
			expect(error.failure).toEqual({ cause: 'temporarily-unavailable' });
			expect(world.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
		} else {
			expect((await rows(world, type, parameters)).length).toBeGreaterThan(0);
		}
	});

	it('gives up when the server stays down', async () => {
		world.interfere = () => ({ status: 503, body: 'down' });
		const error = await failing(type, { ...parameters, options: { retries: 2 } });
		expect(error.message).toMatch(/not available right now/);
		expect(error).toMatchObject({ httpCode: '503', failure: { cause: 'temporarily-unavailable' } });
		if (!isCreate(parameters)) expect(world.requests).toHaveLength(3);
	});

	it('does not take a login page for an answer', async () => {
		world.interfere = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: htmlPage });
		const error = await failing(type, parameters);
		expect(error.message).toMatch(/something that is not the answer/);
		expect(error.description).toMatch(/HTML page "Sign in"/);
		expect(error.failure).toEqual({ cause: 'temporarily-unavailable' });
	});

	it('follows no redirect, and says where the address is to be mended', async () => {
		world.interfere = () => ({ status: 302, headers: { location: 'https://elsewhere.test/' }, body: '' });
		const error = await failing(type, parameters);
		expect(error.message).toMatch(/answered with a redirect$/);
		expect(error.description).toMatch(/in the credential\. .* status 302/);
		expect(error.failure).toEqual({ cause: 'configuration-invalid' });
		expect(world.requests).toHaveLength(1);
	});

	it('says when there is no connection', async () => {
		world.interfere = () => 'ECONNREFUSED';
		const error = await failing(type, parameters);
		expect(error.message).toMatch(/^No connection to/);
		expect(error.description).toMatch(/ECONNREFUSED/);
	});

	it('stops at once when the execution is cancelled while waiting', async () => {
		const controller = new AbortController();
		world.interfere = () => {
			controller.abort();
			return { status: 429, headers: { 'retry-after': '3000' } };
		};
		const run = execute(world, type, { parameters, signal: controller.signal, continueOnFail: true });
		await expect(run).rejects.toThrow(/was cancelled/);
		expect(world.requests).toHaveLength(1);
	});
});

it('never lets a key into an error', async () => {
	for (const [, type, parameters] of allCases) {
		world = createWorld();
		world.interfere = (_number, { headers }) => ({
			status: 400,
			body: JSON.stringify({ message: JSON.stringify(headers) }),
		});
		const { apiKey } = world.credentials[type.description.credentials![0]!.name]!;
		const error = await failing(type, parameters);
		expect(JSON.stringify([error.message, error.description, error.messages])).not.toContain(apiKey);
	}
});
