/** Private certificate authorities and client certificates: checked when the configuration is loaded, followed from then on. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { KeyPath, Report } from './errors';
import { contentNow, contentOf, lastGood, SecretError } from './files';
import type { Pem, Tls } from './types';

export interface TlsInput {
	caFile?: string;
	certFile?: string;
	keyFile?: string;
}

interface PemFile {
	key: keyof TlsInput;
	becomes: keyof Pem;
	/** Throws for a text that is something else, or cut off. */
	check: (pem: string) => unknown;
}

/** Only what stands between its marks counts, which is ASCII: the notes around it may be in any encoding. */
const PEM = { decode: (bytes: Buffer) => bytes.toString('latin1') };

const FILES: readonly PemFile[] = [
	{ key: 'caFile', becomes: 'ca', check: certificates },
	{ key: 'certFile', becomes: 'cert', check: certificates },
	{ key: 'keyFile', becomes: 'key', check: createPrivateKey },
];

/** Reads and checks the files. Undefined when there is nothing to use; problems go to `report`. */
export function readTls(
	input: TlsInput | undefined,
	at: KeyPath,
	{ folder, report }: { folder: string; report: Report },
): Tls | undefined {
	if (!input) return undefined;
	if ((input.certFile === undefined) !== (input.keyFile === undefined)) {
		const missing = input.certFile === undefined ? 'certFile' : 'keyFile';
		report([...at, missing], 'is missing', 'A client certificate needs certFile and keyFile', 'key');
	}
	const first: Pem = {};
	for (const { key, becomes, check } of FILES) {
		const file = input[key];
		if (file === undefined) continue;
		try {
			const pem = contentNow(resolve(folder, file), `file ${file}`, PEM);
			check(pem);
			first[becomes] = pem;
		} catch (error) {
			if (error instanceof SecretError) report([...at, key], error.message, error.fix);
			else {
				const begins = key === 'keyFile' ? '-----BEGIN PRIVATE KEY-----' : '-----BEGIN CERTIFICATE-----';
				report([...at, key], `file ${file} is not a PEM file of its kind`, `Give one that begins with ${begins}`);
			}
		}
	}
	if (!fits(first)) report([...at, 'keyFile'], `file ${input.keyFile} is not the key of ${input.certFile}`);
	return follow(input, folder, first);
}

function follow(input: TlsInput, folder: string, first: Pem): Tls {
	let known = first;
	return {
		read: lastGood(async () => {
			const now: Pem = {};
			for (const { key, becomes, check } of FILES) {
				const file = input[key];
				if (file === undefined) continue;
				const place = `file ${file}`;
				const pem = await contentOf(resolve(folder, file), place, PEM);
				if (pem !== known[becomes] && !passes(check, pem))
					throw new SecretError(`${place} is not a PEM file of its kind`);
				now[becomes] = pem;
			}
			if (FILES.every(({ becomes }) => now[becomes] === known[becomes])) return known;
			// certificate and key are replaced one after the other
			if (!fits(now)) throw new SecretError(`file ${input.keyFile} is not the key of ${input.certFile}`);
			return (known = now);
		}, first),
	};
}

/** Every one of a bundle: the last may be cut off. */
function certificates(pem: string): void {
	const blocks = pem.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[^-]*(?:-----END [A-Z0-9 ]*CERTIFICATE-----)?/g);
	for (const block of blocks ?? [pem]) new X509Certificate(block);
}

function fits({ cert, key }: Pem): boolean {
	return cert === undefined || key === undefined || new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

function passes(check: (pem: string) => unknown, pem: string): boolean {
	try {
		check(pem);
		return true;
	} catch {
		return false;
	}
}
