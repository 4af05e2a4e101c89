/** Exit codes, and what people see when a command fails. */
import { ConfigError, type Problem } from '../config/errors';
import { SecretError } from '../config/secrets';
import { RequestError } from '../../core/http/failure';
import { StaleLeaseError } from '../store/contract';
import { isDatabaseError } from '../store/postgres/errors';
import { DiskFull, StateError } from '../store/stateError';
import { ExitCode } from './exitCode';
import type { Io } from './io';

export { ExitCode };

/** A wrong argument that only the command itself can notice. */
export class UsageError extends Error {
	override name = 'UsageError';
}

/** Failed in an expected way; the message says all that helps. */
export class CommandFailed extends Error {
	override name = 'CommandFailed';
}

/** What `--json` prints on stdout instead of a result. The exit code says what kind of failure it is. */
export function problemsJson(problems: readonly Problem[]): string {
	return `${JSON.stringify({ ok: false, problems })}\n`;
}

/** Prints the error and says which code to end with. Prints messages of our own errors only: others may hold anything. */
export function reportError(error: unknown, io: Pick<Io, 'stdout' | 'stderr' | 'env' | 'stop'>, json = false): number {
	const say = (what: string, prefix = '') => {
		if (!json) io.stderr.write(`${prefix}${what}\n`);
		else io.stdout.write(problemsJson(error instanceof ConfigError ? error.problems : [{ key: '', what }]));
	};
	if (io.stop.aborted && isAbort(error)) {
		if (io.stop.reason === 'SIGPIPE') return ExitCode.good;
		if (json) say(`interrupted by ${String(io.stop.reason)}`);
		return io.stop.reason === 'SIGTERM' ? 143 : ExitCode.interrupted;
	}
	if (error instanceof ConfigError || error instanceof UsageError || error instanceof StateError) {
		say(error.message);
		return error instanceof DiskFull ? ExitCode.failed : ExitCode.usage;
	}
	// what has taken it over may be gone again: another start says so, or goes on
	if (
		error instanceof RequestError ||
		error instanceof SecretError ||
		error instanceof CommandFailed ||
		error instanceof StaleLeaseError ||
		isDatabaseError(error)
	) {
		say((error as Error).message, 'error: ');
		return ExitCode.failed;
	}
	const { name, code } = (error ?? {}) as { name?: string; code?: unknown };
	const kind = [name ?? typeof error, typeof code === 'string' ? code : ''].filter(Boolean).join(' ');
	const message = error instanceof Error ? `: ${error.message.split('\n')[0]!.slice(0, 200)}` : '';
	const hint = io.env['AUDIT_RELAY_DEBUG'] === '1' ? '' : ' (AUDIT_RELAY_DEBUG=1 shows where)';
	say(`unexpected error: ${kind}${message}${hint}`);
	// the stack alone: other properties of an error may hold requests and their headers
	if (!hint && error instanceof Error) io.stderr.write(`${error.stack}\n`);
	return ExitCode.failed;
}

function isAbort(error: unknown): boolean {
	if (error instanceof RequestError) return error.failure.kind === 'aborted';
	return error instanceof Error ? error.name === 'AbortError' : typeof error === 'string';
}
