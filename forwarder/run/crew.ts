/** Work that comes and goes while all of it runs: that of sources, and that of destinations. */
import { aborted } from '../waits';

type Work = (signal: AbortSignal) => Promise<unknown>;

export interface Crew {
	/** Until the signal aborts, and all have ended. What one of them throws ends all, and is thrown. */
	run(signal: AbortSignal): Promise<void>;
	/** It begins with the crew, or at once when that runs. */
	add(name: string, work: Work): void;
	/** Resolves when it has ended. */
	end(name: string): Promise<void>;
}

interface Member {
	work: Work;
	/** Absent: it has not begun. */
	stop?: AbortController;
	over?: Promise<unknown>;
}

export function createCrew(): Crew {
	const members = new Map<string, Member>();
	let begin: ((member: Member) => void) | undefined;
	return {
		async run(signal) {
			const failed = new AbortController();
			let failure: { error: unknown } | undefined;
			const fail = (error: unknown) => {
				failure ??= { error };
				failed.abort();
			};
			const end = AbortSignal.any([signal, failed.signal]);
			begin = (member) => {
				member.stop = new AbortController();
				if (end.aborted) member.stop.abort(end.reason);
				member.over = member.work(member.stop.signal).catch(fail);
			};
			for (const member of members.values()) begin(member);
			await aborted(end);
			begin = undefined;
			// a signal that follows others takes a kilobyte more than one that is told
			for (const { stop } of members.values()) stop?.abort(end.reason);
			await Promise.all([...members.values()].flatMap(({ over }) => over ?? []));
			if (failure) throw failure.error;
		},
		add(name, work) {
			const member: Member = { work };
			members.set(name, member);
			begin?.(member);
		},
		async end(name) {
			const member = members.get(name);
			if (!member) return;
			member.stop?.abort();
			await member.over;
			members.delete(name);
		},
	};
}
