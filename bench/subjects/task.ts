/** What one process under measurement has to do. */
import type { ProviderName } from '../../providers/registry';
import type { Compression } from '../../forwarder/config/types';

/** Records of a request that the floor posts. */
export const FLOOR_RECORDS = 500;

export interface Task {
	subject: 'download' | 'floor' | 'stock' | 'without state';
	shape: ProviderName;
	/** URLs without a slash at the end. */
	provider: string;
	receiver: string;
	compression: Compression;
	/** Folder of its own. */
	folder: string;
	/** Where the stock exporter is installed. */
	stock: string;
}
