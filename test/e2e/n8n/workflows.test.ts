/** Each ready workflow, imported as a user imports it and run in a real n8n. Only the webhook's address and the credentials are set. */
import { createServer, type Server as HttpServer } from 'node:http';
import { close, listen, readBody } from '../../../sandbox/wire';
import { until } from '../support/wait';
import { readyWorkflows } from './local/readyWorkflows';
import { scene } from './support/scene';
import type { Server } from './support/server';
import type { Workflow } from './support/workflow';

const real = scene({ sandbox: { newestAt: Date.now() } });

let chat: HttpServer;
let messages: string[];
let server: Server;
let flows: Map<string, Workflow>;

beforeAll(async () => {
	messages = [];
	chat = createServer((request, response) => {
		void readBody(request).then((body) => {
			messages.push((JSON.parse(body.toString()) as { text: string }).text);
			response.end('ok');
		});
	});
	const { url } = await listen(chat, '127.0.0.1', 0);
	const text = JSON.stringify(readyWorkflows()).replaceAll('https://chat.example.com/webhook', url);
	flows = new Map((JSON.parse(text) as Workflow[]).map((flow) => [flow.id, flow]));
	await real.n8n.importWorkflows(...flows.values());
	server = await real.n8n.start();
});

beforeEach(() => void (messages.length = 0));
afterAll(() => close(chat));

const run = async (id: string, trigger: string) => {
	const ended = await server.runByHand(flows.get(id)!, trigger);
	expect(ended.error).toBeUndefined();
	return ended;
};

test('every workflow in the folder is one of these', () => {
	expect([...flows.keys()].sort()).toEqual([
		'audit-to-siem',
		'failed-privileged-actions-digest',
		'failover-notification',
		'search-report',
		'workflow-audit-trail',
	]);
});

test('the digest has the refused changes of access of the last day, in one message', async () => {
	await run('failed-privileged-actions-digest', 'Every Morning');
	expect(messages).toHaveLength(1);
	expect(messages[0]).toMatch(/^1 refused changes of access since yesterday:\n• .*: user\.login/);
});

test('the report is a file with a row for each event found', async () => {
	const report = await run('search-report', 'When Clicked');
	const rows = report.json('Search Events');
	expect(rows.length).toBeGreaterThan(1);
	expect(report.json('One Row Each').map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
	const [file] = report.items('To CSV');
	expect(file?.['binary']).toMatchObject({ data: { fileName: 'audit-report.csv', mimeType: 'text/csv' } });
});

test('a call of the webhook leaves one event in the audit trail', async () => {
	const events = () => real.sandbox.auditapi.api.log.all();
	const before = events().length;
	await server.activate('workflow-audit-trail');
	let answer: Response | undefined;
	// n8n says that a workflow is active before its webhook is there
	await until('the webhook is there', async () => {
		answer = await fetch(`${server.url}/webhook/offboard-user`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: '{"user": "u-17", "by": "u-3"}',
		});
		return answer.status !== 404;
	});
	const { id } = (await answer!.json()) as { id: string };
	expect(events()).toHaveLength(before + 1);
	const { raw } = events().find((event) => event.id === id)!;
	expect((JSON.parse(raw) as { payload: object }).payload).toMatchObject({
		action: 'user.offboarded',
		user: 'u-17',
		requested_by: 'u-3',
		workflow: 'Workflow → audit trail in AuditAPI',
	});
});

describe('Audit → SIEM', () => {
	const ship = () => server.runByHand(flows.get('audit-to-siem')!, 'Every Minute');

	// the first round makes the table
	beforeAll(async () => void (await run('audit-to-siem', 'Every Minute')));

	test.each(['Arpio Trigger', 'Arcus ERP Trigger', 'AuditAPI Trigger'])(
		'%s: what it found arrives at the SIEM, and is kept no longer',
		async (trigger) => {
			const before = real.sandbox.receiver!.stored.length;
			const found = await run('audit-to-siem', trigger);
			const texts = found.json(trigger).map(({ raw }) => raw);
			expect(texts.length).toBeGreaterThan(1);
			expect(real.sandbox.receiver!.stored).toHaveLength(before);
			const shipped = await ship();
			expect(shipped.error).toBeUndefined();
			expect(real.sandbox.receiver!.stored.slice(before).map(({ body }) => body)).toEqual(texts);
			expect((await ship()).nodes).not.toContain('OTLP Logs');
		},
	);

	test('what the receiver refuses is kept with the reason, is not sent again, and ends the run as failed', async () => {
		const found = await run('audit-to-siem', 'AuditAPI Trigger');
		const count = found.items('AuditAPI Trigger').length;
		const { receiver } = real.sandbox;
		receiver!.setAnswers(() => ({ kind: 'status', status: 400 }));
		const refused = await ship();
		receiver!.setAnswers(undefined);
		expect(refused.error?.message).toMatch(
			/^The receiver did not take \d+ events: The record was refused \(status 400\)/,
		);
		const marked = refused.json('Mark Refused');
		expect(marked).toHaveLength(count);
		expect(marked[0]).toMatchObject({ refused: expect.stringMatching(/status 400/) as string });
		expect((await ship()).nodes).not.toContain('OTLP Logs');
	});
});
