/** `node bench/followers/run.mjs [--sources 10000] [--followers 20]`: what open consoles cost the process. Linux only. */
import { runBundled } from '../bundled.mjs';

await runBundled(import.meta.url);
