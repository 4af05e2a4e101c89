import { ask } from '../../api/login';
import { tell } from '../../parts/notice';

/** A link could not send the token. */
export async function download(path: string, name: string): Promise<void> {
	const answer = await ask(path).catch(() => undefined);
	if (!answer?.ok) return tell(`Nothing was exported: it answered ${answer?.status ?? 'nothing'}.`);
	const url = URL.createObjectURL(await answer.blob());
	const link = Object.assign(document.createElement('a'), { href: url, download: name });
	link.click();
	URL.revokeObjectURL(url);
}
