/** What a Containerfile says about how its image runs: its last stage. */

export interface Image {
	entrypoint: string[];
	cmd: string[];
	healthcheck: string[];
	user: string;
	workdir: string;
	volume: string;
}

export function image(text: string): Image {
	const last = text.slice(text.lastIndexOf('\nFROM '));
	const value = (instruction: string) => {
		const [, found] = new RegExp(`^${instruction} (.*)$`, 'm').exec(last) ?? [];
		if (found === undefined) throw new Error(`no ${instruction} in the last stage`);
		return found;
	};
	const words = (json: string) => JSON.parse(json) as string[];
	return {
		entrypoint: words(value('ENTRYPOINT')),
		cmd: words(value('CMD')),
		healthcheck: words(value('HEALTHCHECK').replace(/^.* CMD /, '')),
		user: value('USER'),
		workdir: value('WORKDIR'),
		volume: value('VOLUME'),
	};
}
