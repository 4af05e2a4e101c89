/** Whether each mistake can still be made: a source that changed may have moved the place. Part of `npm test`, because the run of all of them takes minutes. */
import { existsSync, readFileSync } from 'node:fs';
import { edited } from './edit.mjs';
import { mutants } from './mutants.mjs';

const sources = new Map();
const source = (file) => sources.get(file) ?? sources.set(file, readFileSync(file, 'utf8')).get(file);

for (const { name, look, edits } of mutants) {
	if (!existsSync(`test/${look}.test.ts`)) told(name, `there is no test/${look}.test.ts`);
	for (const { file, ...edit } of edits) {
		try {
			edited(source(file), edit);
		} catch (error) {
			told(name, `${file}: ${error.message}`);
		}
	}
}

function told(name, why) {
	console.error(`The mistake "${name}" cannot be made: ${why}. Mend it in test/mutants/list.`);
	process.exitCode = 1;
}
