/** `node bench/scale/run.mjs`: thousands of sources on a few workers. Needs PostgreSQL (see what it says). */
import { runBundled } from '../bundled.mjs';

await runBundled(import.meta.url);
