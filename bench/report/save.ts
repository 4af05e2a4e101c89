import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** As `npm test` wants Markdown to look. */
export async function saveMarkdown(path: string, text: string): Promise<void> {
	writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}
