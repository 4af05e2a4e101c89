#!/usr/bin/env node
/** The command. Checks the runtime before anything else is loaded: our libraries would fail on an old one without a clear word. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 5)) {
	process.stderr.write(
		`audit-relay needs Node 24.5 or later; this is ${process.version}. Install it from https://nodejs.org.\n`,
	);
	process.exitCode = 2;
} else {
	const { startLean } = await import('./run/lean');
	startLean();
	// Node asks the operating system for each variable, which looks through all of them: thousands of sources have thousands. On Windows
	// names have no case, and a copy would have
	if (process.platform !== 'win32') process.env = { ...process.env };
	const { main } = await import('./main');
	await main();
}

export {};
