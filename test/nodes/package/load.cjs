/** Loads everything that package.json names from an unpacked package, and runs Arpio if it has that. Usage: node load.cjs <folder> */
const { Buffer } = require('node:buffer');
const { Readable } = require('node:stream');
const { existsSync, readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const folder = process.argv[2];
const { n8n, name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** n8n derives the name of the class from the name of the file. */
function load(file) {
	const className = basename(file).split('.')[0];
	return new (require(join(folder, file))[className])();
}

const missing = [];
function icons(file, { light, dark }) {
	for (const icon of [light, dark]) {
		const path = join(folder, dirname(file), icon.replace('file:', ''));
		if (!existsSync(path)) missing.push(path);
	}
}

const nodes = n8n.nodes.map((file) => {
	const { description } = load(file);
	icons(file, description.icon);
	const codex = JSON.parse(readFileSync(join(folder, file.replace(/\.js$/, '.json')), 'utf8'));
	if (codex.node !== `${name}.${description.name}`) missing.push(`${file}: codex of ${codex.node}`);
	return description.name;
});
const credentials = n8n.credentials.map((file) => {
	const type = load(file);
	icons(file, type.icon);
	return type.name;
});

/** A server that is down once: the repeat needs the bundled limiter and its timers. */
async function run() {
	if (!nodes.includes('arpio')) return undefined;
	const streamOf = (text) => Readable.from([Buffer.from(text)]);
	let requests = 0;
	const parameters = { resource: 'application', operation: 'getAll', returnAll: true, simplify: false };
	const context = {
		getInputData: () => [{ json: {} }],
		getNode: () => ({ name: 'Arpio' }),
		getNodeParameter: (parameter, _item, fallback) => parameters[parameter] ?? fallback,
		getCredentials: async () => ({ apiKey: 'a:b', accountId: 'acc', baseUrl: 'https://arpio.test' }),
		getTimezone: () => 'UTC',
		continueOnFail: () => false,
		helpers: {
			async httpRequestWithAuthentication() {
				requests++;
				return requests === 1
					? { statusCode: 500, headers: {}, body: streamOf('') }
					: { statusCode: 200, headers: {}, body: streamOf('[{"appId":"app"}]') };
			},
		},
	};
	const arpio = load('dist/nodes/Arpio/Arpio.node.js');
	const [output] = await arpio.execute.call(context);
	return { requests, output };
}

run().then((ran) => console.log(JSON.stringify({ nodes, credentials, missing, ran })));
