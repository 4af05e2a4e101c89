/** `node test/cluster/run.mjs --help`. */
import { runBundled } from '../support/runBundled.mjs';

await runBundled(import.meta.url);
