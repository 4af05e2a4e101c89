/**
 * Mistakes that the tests must notice: nearly all of them were made by collectors that people use. `look` names the test file, below
 * `test/`, that must notice it; for one of the property tests, the others may, too.
 */

import { mutants as cluster } from './list/cluster.mjs';
import { mutants as declared } from './list/declared.mjs';
import { mutants as delivery } from './list/delivery.mjs';
import { mutants as postgres } from './list/postgres.mjs';
import { mutants as providers } from './list/providers.mjs';
import { mutants as store } from './list/store.mjs';
import { mutants as surroundings } from './list/surroundings.mjs';
import { mutants as walk } from './list/walk.mjs';

/** @typedef {import('./edit.mjs').Edit} Edit */
/** @typedef {{ name: string, kind: 'loss' | 'repeat' | 'rule', edits: Edit[], look: string }} Mutant */

/** @type {Mutant[]} */
export const mutants = [
	...walk,
	...providers,
	...declared,
	...store,
	...postgres,
	...delivery,
	...surroundings,
	...cluster,
];
