/** A real n8n with the pack, simulated services and the ready workflows, until somebody presses Ctrl-C. */
import { createServer } from 'node:net';
import { startSandbox } from '../../../../sandbox/scenario';
import { credentialsFor } from '../support/credentials';
import { createInstance, CURRENT } from '../support/instance';
import { OWNER } from '../support/server';
import { startVendors, vendorCredentials } from '../support/vendors';
import { startChat } from './chat';
import { readyWorkflows } from './readyWorkflows';

const SECONDS_PER_EVENT = 2;
/** Where people look for n8n. */
const USUAL_PORT = 5678;

export async function main(): Promise<number> {
	const interrupted = new Promise<'interrupted'>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('interrupted'));
	});
	let shipped = 0;
	const sandbox = await startSandbox({
		newestAt: Date.now(),
		live: { eventsPerSecond: 1 / SECONDS_PER_EVENT },
		receiver: { accept: (records) => say(`The OTLP receiver has ${(shipped += records.length)} records.`) },
	});
	const chat = await startChat((text) => say(`Posted to the chat: ${text}`));
	const vendors = await startVendors((text) => say(`Told to Slack or PagerDuty: ${text}`));
	let n8n: ReturnType<typeof createInstance> | undefined;
	try {
		n8n = createInstance();
		say('Putting credentials and workflows into n8n …');
		const workflows = readyWorkflows(chat.url);
		const preparing = (async () => {
			await n8n.importCredentials([...credentialsFor(sandbox), ...vendorCredentials]);
			if (workflows.length > 0) await n8n.importWorkflows(...workflows);
			return n8n.start({ ...(await onUsualPort()), ...vendors.env });
		})();
		const server = await Promise.race([preparing, interrupted]);
		if (server === 'interrupted') {
			// what has been begun is ended below, once it is there
			await preparing.catch(() => undefined);
			return 0;
		}
		say(`
n8n ${CURRENT} with n8n-nodes-audit-relay:  ${server.url}
  sign in    ${OWNER.email}  ${OWNER.password}
  workflows  ${workflows.map(({ name }) => name).join('\n             ') || 'none in workflows/'}
  services   simulated Arpio, Arcus ERP and AuditAPI with an event every ${SECONDS_PER_EVENT} s, an OTLP receiver,
             a chat, Slack and PagerDuty; the credentials for them are there, and what they get is shown here
  end        Ctrl-C; nothing is kept
`);
		if ((await Promise.race([interrupted, server.ended])) === 'interrupted') return 0;
		process.stderr.write(`n8n has ended by itself\n${server.output().slice(-2000)}\n`);
		return 1;
	} finally {
		await n8n?.end();
		await chat.close();
		await vendors.close();
		await sandbox.stop();
	}
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** Any free one if somebody has it. */
async function onUsualPort(): Promise<Record<string, string>> {
	const probe = createServer();
	const free = await new Promise<boolean>((resolve) => {
		probe.once('error', () => resolve(false));
		probe.listen(USUAL_PORT, '127.0.0.1', () => resolve(true));
	});
	await new Promise((done) => probe.close(done));
	return free ? { N8N_PORT: String(USUAL_PORT) } : {};
}
