import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const coreGlobals = [
	'setTimeout',
	'setInterval',
	'setImmediate',
	'clearTimeout',
	'clearInterval',
	'process',
	'global',
	'globalThis',
	'console',
	'Buffer',
	'fetch',
];

export default tseslint.config(
	{ ignores: ['**/dist/', '**/node_modules/', 'coverage/', '.cache/'] },
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
		files: ['providers/**/*.ts', 'polling/**/*.ts'],
		rules: {
			'no-restricted-globals': ['error', ...coreGlobals],
			'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'path', 'crypto', 'timers'] }],
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
);
