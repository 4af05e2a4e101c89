/** `npm run n8n`. */
import { runBundled } from '../../../support/runBundled.mjs';

await runBundled(import.meta.url);
