/** `npm run demo:cluster`: three workers on one database, and one of them is killed. */
import { runBundled } from '../../support/runBundled.mjs';

await runBundled(import.meta.url);
// sockets of workers that were killed must not keep it
process.exit();
