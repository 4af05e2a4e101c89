/** n8n's own scan of community packages, on what it would see of ours: the sources of a release, and the published package. */
import { appendFileSync, cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { unpackedPack } from './support/pack';
import { installScan } from './support/scanner';

const scan = installScan();

it('finds nothing in the sources', () => {
	expect(scan(resolve('.'), 'source')).toEqual({ passed: true });
});

it('finds nothing in the package', () => {
	expect(scan(unpackedPack(), 'package')).toEqual({ passed: true });
});

it('would find a fault in either', () => {
	const folder = scratchFolder();
	for (const part of ['package.json', 'nodes', 'credentials']) cpSync(part, join(folder, part), { recursive: true });
	appendFileSync(join(folder, 'nodes/shared/core.ts'), '\nexport const late = setTimeout;\n');
	expect(scan(folder, 'source').details).toMatch(/core\.ts[\s\S]*no-restricted-globals/);

	const pack = scratchFolder();
	cpSync(unpackedPack(), pack, { recursive: true });
	appendFileSync(join(pack, 'dist/core.js'), '\nsetTimeout(() => {}, 1);\n');
	expect(scan(pack, 'package').details).toMatch(/core\.js[\s\S]*no-restricted-globals/);
});
