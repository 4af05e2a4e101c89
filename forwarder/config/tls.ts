/** Private certificate authorities and client certificates, read once when the configuration is loaded. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KeyPath, Report } from './errors';
import type { Tls } from './types';

export interface TlsInput {
	caFile?: string;
	certFile?: string;
	keyFile?: string;
}

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
	const read = (name: keyof TlsInput, check: (pem: string) => unknown): string | undefined => {
		const file = input[name];
		if (file === undefined) return undefined;
		try {
			const pem = readFileSync(resolve(folder, file), 'utf8');
			check(pem);
			return pem;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			const unreadable = code !== undefined && /^E[A-Z]+$/.test(code);
			report(
				[...at, name],
				unreadable ? `file ${file} cannot be read (${code})` : `file ${file} is no PEM file of its kind`,
			);
			return undefined;
		}
	};
	const certificate = (pem: string) => new X509Certificate(pem);
	const ca = read('caFile', certificate);
	const cert = read('certFile', certificate);
	const key = read('keyFile', createPrivateKey);
	return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
