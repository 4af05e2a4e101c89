/** Work that comes and goes while all of it runs: that of sources, and that of destinations. */
import { aborted } from '../waits';

type Work = (signal: AbortSignal) => Promise<void>;

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
	stop: AbortController;
	over: Promise<void>;
}

export function createCrew(): Crew {
	const members = new Map<string, Member>();
	let begin: ((member: Member) => void) | undefined;
	return {
		async run(signal) {
			const failed = new AbortController();
			let failure: { error: unknown } | undefined;
			begin = (member) => {
				const until = AbortSignal.any([signal, failed.signal, member.stop.signal]);
				member.over = member.work(until).catch((error: unknown) => {
					failure ??= { error };
					failed.abort();
				});
			};
			for (const member of members.values()) begin(member);
			await aborted(AbortSignal.any([signal, failed.signal]));
			begin = undefined;
			await Promise.all([...members.values()].map(({ over }) => over));
			if (failure) throw failure.error;
		},
		add(name, work) {
			const member: Member = { work, stop: new AbortController(), over: Promise.resolve() };
			members.set(name, member);
			begin?.(member);
		},
		async end(name) {
			const member = members.get(name);
			if (!member) return;
			member.stop.abort();
			await member.over;
			members.delete(name);
		},
	};
}
