import eslint from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const coreGlobals = [
	'setTimeout',
	'setInterval',
	'setImmediate',
	'clearTimeout',
	'clearInterval',
	'clearImmediate',
	'queueMicrotask',
	'performance',
	'crypto',
	'process',
	'global',
	'globalThis',
	'console',
	'Buffer',
	'fetch',
];

const strict = n8nCommunityNodesPlugin.configs.recommended.rules;
// n8n's own lint command switches these off: they ask for what newer rules forbid
const outdated = [
	'cred-class-field-documentation-url-miscased',
	'node-class-description-inputs-wrong-regular-node',
	'node-class-description-inputs-wrong-trigger-node',
	'node-class-description-outputs-wrong',
	'node-param-type-options-max-value-present',
];
const withoutOutdated = (rules) => ({
	...rules,
	...Object.fromEntries(
		outdated.filter((rule) => `n8n-nodes-base/${rule}` in rules).map((rule) => [`n8n-nodes-base/${rule}`, 'off']),
	),
});
const n8nPlugins = { '@n8n/community-nodes': n8nCommunityNodesPlugin, 'n8n-nodes-base': n8nNodesBase };

export default tseslint.config(
	{ ignores: ['**/dist/', '**/node_modules/', 'release/', 'coverage/', '.cache/'] },
	eslint.configs.recommended,
	tseslint.configs.recommendedTypeChecked,
	{
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			eqeqeq: 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			'@typescript-eslint/require-await': 'off',
			// our objects are closures, not classes: their functions need no `this`
			'@typescript-eslint/unbound-method': 'off',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
		},
	},
	{
		// bundled into n8n node files, where n8n forbids these; clock, sleep and transport are passed in
		files: ['core/**/*.ts', 'providers/**/*.ts'],
		plugins: n8nPlugins,
		rules: {
			'@n8n/community-nodes/require-node-api-error': 'error',
			'no-restricted-globals': ['error', ...coreGlobals],
			'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'path', 'crypto', 'timers'] }],
		},
	},
	{
		// a timer of Node that is set to more than 24 days ends at once: durations become waits in one place
		files: ['forwarder/**/*.ts'],
		ignores: ['forwarder/waits.ts', 'forwarder/console/**'],
		rules: {
			'no-restricted-globals': ['error', 'setTimeout', 'setInterval'],
			'no-restricted-imports': ['error', 'node:timers'],
			'no-restricted-properties': ['error', { object: 'AbortSignal', property: 'timeout' }],
		},
	},
	{
		files: ['**/*.{js,mjs,cjs}'],
		extends: [tseslint.configs.disableTypeChecked],
		languageOptions: {
			globals: {
				require: 'readonly',
				module: 'readonly',
				exports: 'readonly',
				process: 'readonly',
				console: 'readonly',
				__dirname: 'readonly',
			},
		},
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},
	{
		// what n8n demands of a community node, in full: its scan ignores comments that switch rules off
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		plugins: n8nPlugins,
		rules: strict,
	},
	{
		files: ['credentials/**/*.ts'],
		rules: withoutOutdated(n8nNodesBase.configs.credentials.rules),
	},
	{
		files: ['nodes/**/*.ts'],
		rules: withoutOutdated(n8nNodesBase.configs.nodes.rules),
	},
	{
		// code that nodes share comes from one bundled file, so that limiters are the same objects everywhere
		files: ['nodes/*/**/*.ts'],
		ignores: ['nodes/shared/**'],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '/(core/(?!otlp/)|providers/|shared/(?!core$))',
							allowTypeImports: true,
							message: 'Take it from shared/core.',
						},
					],
				},
			],
		},
	},
	{
		files: ['package.json'],
		extends: [tseslint.configs.disableTypeChecked],
		plugins: n8nPlugins,
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { projectService: false, extraFileExtensions: ['.json'] },
		},
		rules: { ...strict, ...n8nNodesBase.configs.community.rules, '@typescript-eslint/no-unused-expressions': 'off' },
	},
);
