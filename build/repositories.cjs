/**
 * One complete repository per service, beside the combined pack: n8n verifies packages of one service only, by the sources of the
 * repository that published them. `gulp repositories` writes them to `release/repositories/`, each ready to be pushed.
 */
const { cp, glob, mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join } = require('node:path');
const { readme, workflowsOf } = require('./readme.cjs');
const { sourcesOf } = require('./sources.cjs');

/** What each service says of its own: `title` is its heading in docs/n8n. */
async function services() {
	const files = (await Array.fromAsync(glob('nodes/*/repository.json'))).sort();
	return Promise.all(files.map(async (file) => ({ folder: basename(dirname(file)), ...(await json(file)) })));
}

const ORGANISATION = 'https://github.com/audit-relay';

/** `build/repository` holds what all of them have in common. */
const TEMPLATE = 'build/repository';

exports.writeRepositories = async function writeRepositories(folder) {
	for (const service of await services()) await repository(service, join(folder, service.name));
};

async function repository(service, target) {
	await rm(target, { recursive: true, force: true });
	const combined = await json('package.json');
	const manifest = await manifestOf(service, combined);
	await cp(TEMPLATE, target, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
	for (const file of ['LICENSE', 'build/licences.cjs', 'build/nodePack.cjs']) await cp(file, join(target, file));

	const entries = [...manifest.n8n.nodes, ...manifest.n8n.credentials].map(sourceOf);
	for (const [path, text] of await sourcesOf(entries)) await write(join(target, path), text);
	for await (const file of glob(`nodes/${service.folder}/*.{svg,node.json}`)) {
		await write(join(target, file), renamed(await readFile(file, 'utf8'), combined.name, service.name));
	}
	for (const { file, text } of await workflowsOf(manifest, combined.name)) {
		await write(join(target, file), renamed(text, combined.name, service.name));
	}
	await write(join(target, 'README.md'), await readme(service, manifest, combined));
	await write(join(target, 'package.json'), text(manifest));
	const { packages, ...lock } = await json(join(TEMPLATE, 'package-lock.json'));
	const { name, version, license } = manifest;
	packages[''] = { name, version, license, ...packages[''] };
	await write(join(target, 'package-lock.json'), text({ ...lock, name, version, packages }));
}

async function manifestOf({ name, title, folder, credential, about, keywords }, { version, author, n8n, engines }) {
	const { n8n: ofTemplate, ...template } = await json(join(TEMPLATE, 'package.json'));
	return {
		name,
		version,
		description: `${title} in n8n: ${about}`,
		homepage: `${ORGANISATION}/${name}`,
		author,
		repository: { type: 'git', url: `git+${ORGANISATION}/${name}.git` },
		keywords: ['n8n-community-node-package', ...keywords],
		...template,
		n8n: {
			...ofTemplate,
			nodes: n8n.nodes.filter((file) => basename(dirname(file)) === folder),
			credentials: [`dist/credentials/${credential}.credentials.js`],
		},
		engines,
	};
}

const sourceOf = (built) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

/** Types of nodes begin with the name of the package. */
const renamed = (content, from, to) => content.replaceAll(`"${from}.`, `"${to}.`);

const json = async (path) => JSON.parse(await readFile(path, 'utf8'));
const text = (value) => `${JSON.stringify(value, null, '\t')}\n`;

async function write(path, content) {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, content);
}
