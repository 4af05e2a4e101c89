/** The pages and nothing else, as `curl` would get them. */
import { pages } from './pages';
import type { Task } from './task';

export async function download(task: Task): Promise<void> {
	for await (const _ of pages(task));
}
