import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type FileStore } from '../../forwarder/store/sqlite/store';

export interface StateFile {
	path: string;
	/** Opens it, or opens it again as after a restart. */
	open(): FileStore;
	/** As when the process ends. */
	close(): void;
	remove(): void;
}

export function stateFile(now: () => number, maxOutboxSize = 1e9): StateFile {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	const path = join(folder, 'state.db');
	let store: FileStore | undefined;
	const close = () => {
		void store?.close();
		store = undefined;
	};
	return {
		path,
		close,
		open() {
			close();
			return (store = openStore(path, { maxOutboxSize, now }));
		},
		remove() {
			close();
			rmSync(folder, { recursive: true });
		},
	};
}
