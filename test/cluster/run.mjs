/** `node test/cluster/run.mjs --help`. */
import { runBundled } from '../support/runBundled.mjs';

await runBundled(import.meta.url);
// sockets of workers that were killed must not keep it
process.exit();
