/** `node test/cluster/mutate.mjs folder edits`: makes edits (JSON, as in test/mutants/edit.mjs) in a copy of the sources. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { edited } from '../mutants/edit.mjs';

const [folder, edits] = process.argv.slice(2);
for (const { file, ...edit } of JSON.parse(edits)) {
	const path = join(folder, file);
	writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
}
