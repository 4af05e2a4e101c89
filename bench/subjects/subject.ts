/** A process under measurement: `subject.mjs <task as JSON>`. */
import type { Task } from './task';

const task = JSON.parse(process.argv[2] ?? '{}') as Task;

switch (task.subject) {
	case 'download':
		await (await import('./download')).download(task);
		break;
	case 'floor':
		await (await import('./floor')).floor(task);
		break;
	case 'stock':
		await (await import('./stock')).stock(task);
		break;
	case 'without state':
		await (await import('./withoutState')).withoutState(task);
		break;
}
