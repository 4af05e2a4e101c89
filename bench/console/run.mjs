/** `node bench/console/run.mjs`: ten thousand sources in the console, in a real Chromium. */
import { runBundled } from '../bundled.mjs';

await runBundled(import.meta.url);
