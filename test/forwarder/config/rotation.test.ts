/** Files that are replaced while the relay runs: keys, authorities, client certificates. */
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateSecret } from '../../../forwarder/config/secrets';
import { readTls, type TlsInput } from '../../../forwarder/config/tls';
import { place, rotate } from '../../support/rotate';
import { scratchFolder } from '../../support/scratch';
import { tlsFixture } from '../../support/tlsFront';

let folder: string;
let warnings: string[];
const warn = (message: string) => void warnings.push(message);
const here = (name: string) => join(folder, name);
beforeEach(() => {
	folder = scratchFolder();
	warnings = [];
});

describe('a key', () => {
	const secret = () => templateSecret('Bearer ${file:key}', {}, folder);

	test('of the same size, with the times of the old one, is read again', async () => {
		place(here('key'), 'first');
		const key = secret();
		expect(await key.read(warn)).toBe('Bearer first');
		rotate(here('key'), 'other');
		expect(await key.read(warn)).toBe('Bearer other');
	});

	test('is followed through links that are swapped, as Kubernetes does it', async () => {
		writeFileSync(here('v1'), 'first');
		writeFileSync(here('v2'), 'other');
		symlinkSync('v1', here('data'));
		symlinkSync('data', here('key'));
		const key = secret();
		expect(await key.read(warn)).toBe('Bearer first');
		symlinkSync('v2', here('data-new'));
		renameSync(here('data-new'), here('data'));
		expect(await key.read(warn)).toBe('Bearer other');
	});

	test('that is gone or empty while it is replaced keeps its last value, and that is said once', async () => {
		writeFileSync(here('key'), 'first');
		const key = secret();
		await key.read(warn);
		rmSync(here('key'));
		expect([await key.read(warn), await key.read(warn)]).toEqual(['Bearer first', 'Bearer first']);
		writeFileSync(here('key'), '');
		expect(await key.read(warn)).toBe('Bearer first');
		expect(warnings).toEqual(['file key cannot be read (ENOENT); its last good content is used until that is fixed']);
		writeFileSync(here('key'), 'other');
		expect(await key.read(warn)).toBe('Bearer other');
		rmSync(here('key'));
		await key.read(warn);
		expect(warnings).toHaveLength(2);
	});

	test('that never was there is an error', async () => {
		await expect(secret().read(warn)).rejects.toThrow('file key cannot be read (ENOENT)');
		expect(warnings).toEqual([]);
	});
});

describe('certificates', () => {
	const pem = (name: string) => readFileSync(tlsFixture(name), 'utf8');
	const files = { caFile: 'ca', certFile: 'cert', keyFile: 'certkey' };

	/** Undefined when it is refused. */
	function tls(input: TlsInput) {
		const problems: string[] = [];
		const read = readTls(input, [], { folder, report: (_, what) => void problems.push(what) });
		return { read: () => read!.read(warn), problems };
	}

	beforeEach(() => {
		place(here('ca'), pem('ca.pem'));
		place(here('cert'), pem('client.pem'));
		place(here('certkey'), pem('client.key'));
	});

	test('are the same object until one of them is another', async () => {
		const { read } = tls(files);
		const first = await read();
		expect(await read()).toBe(first);
		rotate(here('ca'), pem('other.pem'));
		expect(await read()).toEqual({ ...first, ca: expect.stringContaining(pem('other.pem').trim()) as string });
	});

	test('may have notes beside them in any encoding, as bundles of companies do', async () => {
		writeFileSync(here('ca'), Buffer.from(`# Stammzertifikat f\u00fcr M\u00fcnchen\n${pem('ca.pem')}`, 'latin1'));
		const { read, problems } = tls(files);
		expect((await read()).ca).toContain(pem('ca.pem').trim());
		expect(problems).toEqual([]);
	});

	test('and their keys are replaced one after the other: the old pair is used until they belong together', async () => {
		const { read } = tls(files);
		const first = await read();
		rotate(here('cert'), pem('other.pem'));
		expect(await read()).toBe(first);
		expect(await read()).toBe(first);
		expect(warnings).toEqual([
			'file certkey is not the key of cert; its last good content is used until that is fixed',
		]);
		rotate(here('certkey'), pem('other.key'));
		expect((await read()).cert).toContain(pem('other.pem').trim());
		expect(warnings).toHaveLength(1);
	});

	test.each([
		['cut off in its second certificate', () => `${pem('ca.pem')}${pem('other.pem').slice(0, 300)}`],
		['empty', () => ''],
		['something else', () => pem('client.key')],
	])('an authority that is %s is not used', async (_, text) => {
		const { read } = tls(files);
		const first = await read();
		writeFileSync(here('ca'), text());
		expect(await read()).toBe(first);
		expect(warnings).toEqual([
			'file ca is not a PEM file of its kind; its last good content is used until that is fixed',
		]);
	});

	test('that do not belong together are refused when the configuration is read', () => {
		place(here('certkey'), pem('other.key'));
		expect(tls(files).problems).toEqual(['file certkey is not the key of cert']);
	});
});
