/**
 * What takes longer than `npm test` may: real software, and long stories with the built command. Each suite is a folder:
 * `npm run test:e2e -- proxy` runs one of them.
 */
const unit = require('../../jest.config.cjs');

module.exports = {
	...unit,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: ['/node_modules/'],
	testTimeout: 300_000,
};
