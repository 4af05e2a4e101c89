/** Addresses that cannot be used: those of sources and destinations, and those of proxies. */
import { afterChange, GOOD, load, refused, ENV } from './scratch';

describe('URLs', () => {
	test.each([
		[
			'http to another host',
			'https://collector.example:4318',
			'http://collector.example:4318',
			':3:15 destinations[0].endpoint: http:// would send the key in clear text to another host. Use https://, or set allowInsecure: true for this destination.',
		],
		[
			'a host that only looks like loopback',
			'https://collector.example:4318',
			'http://127.0.0.1.example.com',
			'http:// would send',
		],
		[
			'no URL',
			'https://collector.example:4318',
			'collector',
			':3:15 destinations[0].endpoint: is not a URL. Write https://host',
		],
		['another scheme', 'https://collector.example:4318', 'grpc://collector:4317', 'has the scheme grpc:'],
		['a query', 'https://collector.example:4318', 'https://collector.example?x=1', 'has a query'],
		[
			'http to another provider',
			'accountId: acc',
			'accountId: acc\n    baseUrl: http://arpio.example',
			':8:14 sources[0].baseUrl: http:// would send',
		],
	])('%s is refused', async (_, from, to, message) => {
		expect(await afterChange(from, to)).toContain(message);
	});

	test.each(['http://localhost:4318', 'http://127.0.0.1:4318', 'http://[::1]:4318'])(
		'%s needs no permission',
		async (url) => {
			await expect(load(GOOD.replace('https://collector.example:4318', url))).resolves.toBeDefined();
		},
	);

	test('allowInsecure permits http', async () => {
		const text = GOOD.replace('https://collector.example:4318', 'http://collector:4318\n    allowInsecure: true');
		expect((await load(text)).destinations[0]!.endpoint).toBe('http://collector:4318/v1/logs');
	});
});

describe('proxies', () => {
	test('one that is not supported is refused once, by the name of its variable', async () => {
		const { problems, message } = await refused(GOOD, { ...ENV, HTTPS_PROXY: 'socks5://user:canary@proxy:1080' });
		expect(problems).toEqual([
			{
				key: 'HTTPS_PROXY',
				what: 'names a proxy of the kind socks5, which is not supported',
				fix: 'Write http://host:port or https://host:port',
			},
		]);
		expect(message).toContain('\n  environment HTTPS_PROXY: names a proxy');
		expect(message).not.toContain('canary');
	});

	test('one that nothing here goes through is not looked at', async () => {
		const env = {
			...ENV,
			HTTP_PROXY: 'socks5://proxy',
			HTTPS_PROXY: 'ftp://proxy',
			NO_PROXY: 'collector.example,.arpio.io',
		};
		expect((await load(GOOD, env)).sources).toHaveLength(1);
	});
});
