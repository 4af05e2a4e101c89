/** The direction of dependencies (docs/architecture.md). `npm run lint` fails when an import goes against it. */
const only = (name, from, allowed, comment) => ({
	name,
	comment,
	severity: 'error',
	from: { path: from },
	to: { pathNot: allowed },
});

/** The rooms of the forwarder, each sees those before it. */
const ROOMS = [
	'config',
	'http',
	'store',
	'verify',
	'records',
	'export',
	'delivery',
	'notify',
	'run',
	'server',
	'prove',
	'cli',
];
const rooms = ROOMS.slice(0, -1).map((room, at) => ({
	name: `${room}-sees-the-rooms-before-it`,
	severity: 'error',
	from: { path: `^forwarder/${room}/` },
	to: { path: `^forwarder/(${ROOMS.slice(at + 1).join('|')})/` },
}));

module.exports = {
	forbidden: [
		...rooms,
		{
			name: 'console-knows-only-what-the-process-says',
			comment: 'it runs in a browser',
			severity: 'error',
			from: { path: '^forwarder/console/' },
			to: { pathNot: '^(forwarder/console/|forwarder/server/api/types|node_modules/(preact|uplot)/)' },
		},
		{
			name: 'no-circular',
			severity: 'error',
			from: {},
			to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
		},
		only('core-stands-alone', '^core/', '^(core/|node_modules/p-retry/)', 'the core knows nobody'),
		only('encoder-stands-alone', '^core/otlp/', '^core/otlp/', 'the encoder knows nobody, not even the core'),
		only('providers-know-the-core', '^providers/', '^(core/|providers/)', 'providers know the core, nothing else'),
		only(
			'nodes-never-see-the-forwarder',
			'^(nodes|credentials)/',
			'^(nodes/|credentials/|core/|providers/|node_modules/(n8n-workflow|yaml)/)',
			'the n8n door',
		),
		{
			name: 'forwarder-never-sees-nodes',
			severity: 'error',
			from: { path: '^forwarder/' },
			to: { path: '^(nodes|credentials|test)/' },
		},
		{
			name: 'only-its-store-knows-sqlite',
			severity: 'error',
			from: { pathNot: '^forwarder/store/sqlite/' },
			to: { path: '^(node:)?sqlite$' },
		},
		{
			name: 'which-store-it-is-is-chosen-in-two-places',
			comment: 'the one that runs, and the one for commands; all others know the interfaces',
			severity: 'error',
			from: { path: '^forwarder/', pathNot: '^forwarder/(store/sqlite/|cli/(open|state/file)\\.ts$)' },
			to: { path: '^forwarder/store/sqlite/' },
		},
		{
			name: 'sandbox-only-for-demo-and-proof',
			severity: 'error',
			from: { path: '^forwarder/', pathNot: '^forwarder/(cli/demo|prove/)' },
			to: { path: '^sandbox/' },
		},
		only(
			'sandbox-stands-alone',
			'^sandbox/',
			'^(sandbox/|providers/declared/form/|[a-z:_/]+$)',
			'the sandbox must not share code with what it tests',
		),
		{
			name: 'sandbox-shares-the-types-of-the-form-only',
			severity: 'error',
			from: { path: '^sandbox/' },
			to: { path: '^providers/', dependencyTypesNot: ['type-only'] },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		// only our own output: packages keep their entry in dist/ too, and must not slip through
		exclude: { path: '^(forwarder/)?dist/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
	},
};
