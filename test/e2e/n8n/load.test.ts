/** n8n finds everything that the pack promises, in the form that its editor and its agents need. */
import { createInstance, type Instance } from './support/instance';

const NODES = ['arcusErp', 'arcusErpTrigger', 'arpio', 'arpioTrigger', 'auditApi', 'auditApiTrigger', 'otlpLogs'];

let n8n: Instance;

beforeAll(() => {
	n8n = createInstance();
});

afterAll(() => n8n?.end());

it('knows every node, and every action node as a tool of agents', async () => {
	const ours = (await n8n.nodeTypes()).filter(({ name }) => name.startsWith('n8n-nodes-audit-relay.'));
	const names = ours.map(({ name }) => name.slice('n8n-nodes-audit-relay.'.length)).sort();
	const tools = NODES.filter((name) => !name.endsWith('Trigger')).map((name) => `${name}Tool`);
	expect(names).toEqual([...NODES, ...tools].sort());
});
