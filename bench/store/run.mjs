/** `node bench/store/run.mjs`: both stores beside each other. Needs PostgreSQL (see what it says). */
import { runBundled } from '../bundled.mjs';

await runBundled(import.meta.url);
