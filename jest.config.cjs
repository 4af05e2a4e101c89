/** Unit and integration tests. `npm run test:e2e` has its own configuration beside the e2e tests. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	transform: {
		'^.+\\.[tj]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
		],
	},
	// p-retry and its dependency are ESM only
	transformIgnorePatterns: ['/node_modules/(?!(p-retry|is-network-error)/)'],
	// jest 29 looks built-ins up without their prefix, and `sqlite` exists only with it
	moduleNameMapper: { '^node:sqlite$': '<rootDir>/test/support/node-sqlite.cjs' },
	testTimeout: 30_000,
	// many tests wait for processes of their own; one worker fewer than cores, the default, would leave a core idle
	maxWorkers: 3,
};
