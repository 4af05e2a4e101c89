/** Splunk's .conf files, read strictly: what Splunk would ignore in silence is an error here. */

export type Conf = Map<string, Map<string, string>>;

export function parseConf(text: string, file: string): Conf {
	const conf: Conf = new Map();
	let stanza: Map<string, string> | undefined;
	// a backslash at the end of a line continues it
	for (const line of text.replaceAll('\\\n', '').split('\n')) {
		const fail = (what: string) => new Error(`${file}: ${what}: ${line}`);
		if (line.trim() === '' || line.startsWith('#')) continue;
		const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
		if (name !== undefined) {
			if (conf.has(name)) throw fail('a second stanza of this name');
			stanza = new Map<string, string>();
			conf.set(name, stanza);
			continue;
		}
		const [, key, value] = /^([^\s=]+) = (\S.*)$/.exec(line) ?? [];
		if (key === undefined || value === undefined) throw fail('neither a stanza, a comment nor "key = value"');
		if (!stanza) throw fail('a setting before the first stanza');
		if (stanza.has(key)) throw fail('a second setting of this name');
		if (/\s$/.test(value)) throw fail('blanks at its end');
		stanza.set(key, value);
	}
	return conf;
}
