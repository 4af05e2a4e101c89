import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../forwarder/store/store';

export interface StateFile {
	path: string;
	/** Opens it, or opens it again as after a restart. */
	open(): Store;
	remove(): void;
}

export function stateFile(now: () => number, maxOutboxSize = 1e9): StateFile {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	const path = join(folder, 'state.db');
	let store: Store | undefined;
	return {
		path,
		open() {
			store?.close();
			return (store = openStore(path, { maxOutboxSize, now }));
		},
		remove() {
			store?.close();
			rmSync(folder, { recursive: true });
		},
	};
}
