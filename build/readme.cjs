/** The page of a repository of one service, made of what docs/n8n says about it. */
const { glob, readFile } = require('node:fs/promises');
const { join, posix } = require('node:path');

const DOCS = 'docs/n8n';
/** Of the combined package. */
const PAGE = `${DOCS}/README.md`;

/** As a registry shows it: its links lead to the repository. */
exports.pageOfPack = async (home) => absolute(await readFile(PAGE, 'utf8'), home);

exports.readme = async function readme({ name, title, about, folder }, manifest, combined) {
	const nodes = await readFile(join(DOCS, 'nodes.md'), 'utf8');
	const credentials = await readFile(join(DOCS, 'credentials.md'), 'utf8');
	const page = await readFile(PAGE, 'utf8');
	const hasTrigger = manifest.n8n.nodes.some((file) => file.endsWith('Trigger.node.js'));
	const workflows = await exports.workflowsOf(manifest, combined.name);
	const home = combined.homepage;
	const parts = [
		`# ${name}`,
		`A community node package for n8n: ${about}. One of four that are made from the same source as [\`${combined.name}\`](${home}), which has all their nodes in one package for self-hosted n8n, and where they are developed and tested. Install either that or these: both bring the same credential types.`,
		'## Installation',
		"Follow [n8n's guide to community nodes](https://docs.n8n.io/integrations/community-nodes/installation/).",
		'## Operations',
		section(nodes, title),
		...(hasTrigger ? ['## Triggers', section(nodes, 'Triggers')] : []),
		'## Credentials',
		intro(credentials),
		section(credentials, title === 'OTLP Logs' ? 'OTLP' : title),
		'## Compatibility',
		section(page, 'Compatibility').trim().split('\n\n')[0],
		'## Usage',
		// after what it is, and before its picture
		intro(nodes).trim().split('\n\n').slice(1, 3).join('\n\n'),
		...(workflows.length > 0
			? [
					'Ready workflows; import one with **Import from File**, pick your credentials, and follow its note:',
					workflows.map(({ file, title: what }) => `- [${what}](${file})`).join('\n'),
				]
			: []),
		'## Resources',
		`- [n8n's documentation of community nodes](https://docs.n8n.io/integrations/community-nodes/)\n- [All nodes](${home}/blob/main/docs/n8n/nodes.md), and [how several packages behave in one n8n](${home}/blob/main/docs/n8n/packages.md)\n- \`npm ci && npm run lint && npm run build\` checks and builds it; its nodes are in \`nodes/${folder}\``,
		'## Version history',
		`Those of [the common source](${home}/blob/main/${PAGE}#version-history).`,
		'## Licence',
		'[MIT](LICENSE)',
	];
	return `${parts.map((part) => absolute(part.trim(), home)).join('\n\n')}\n`;
};

/** Ready workflows that need no other package: where they go, what they are called, and their text. */
exports.workflowsOf = async function workflowsOf({ n8n }, combined) {
	const own = n8n.nodes
		.map((file) => /(\w+)\.node\.js$/.exec(file)[1])
		.map((one) => one[0].toLowerCase() + one.slice(1));
	const all = [];
	for await (const file of glob('workflows/*.json')) {
		const text = await readFile(file, 'utf8');
		const { name, nodes } = JSON.parse(text);
		const ours = nodes.map(({ type }) => type.split('.')).filter(([pack]) => pack === combined);
		if (ours.every(([, type]) => own.includes(type))) all.push({ file, title: name, text });
	}
	return all.sort((a, b) => a.file.localeCompare(b.file));
};

/** What stands below a heading of the second level. */
function section(page, heading) {
	const found = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
	if (!found) throw new Error(`no section "${heading}" in the documents to make a README of`);
	return found.slice(heading.length);
}

/** What stands between the title and the first heading. */
const intro = (page) => page.split(/^## /m)[0].replace(/^# .*$/m, '');

/** Links of the documents lead to where these are; pictures are shown from there. */
function absolute(text, home) {
	return text.replace(
		/(!?)\[([^\]]*)\]\((?!https?:|#|LICENSE|workflows\/)([^)]+)\)/g,
		(_link, image, words, target) => {
			const path = posix.normalize(posix.join(DOCS, target));
			return `${image}[${words}](${home}/${image ? 'raw' : 'blob'}/main/${path})`;
		},
	);
}
