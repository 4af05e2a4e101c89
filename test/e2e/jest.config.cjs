/**
 * What takes longer than `npm test` may: real software, and long stories with the built command. Each suite is a folder:
 * `npm run test:e2e -- proxy` runs one of them.
 */
const { availableParallelism, loadavg } = require('node:os');
const unit = require('../../jest.config.cjs');

module.exports = {
	...unit,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: ['/node_modules/'],
	// for as long as the machine has other work, everything takes longer
	testTimeout: 300_000 * Math.max(1, loadavg()[0] / availableParallelism()),
};
