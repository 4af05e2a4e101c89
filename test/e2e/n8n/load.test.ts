/** n8n finds everything that the pack promises, in the form that its editor and its agents need. */
import { createInstance, installN8n, type Instance } from './support/instance';
import { ourNodes } from './support/ourNodes';
import { PACK } from './support/pack';

installN8n();

let n8n: Instance;

beforeAll(() => {
	n8n = createInstance();
});

afterAll(() => n8n?.end());

it('knows every node, every action node as a tool of agents, and nothing else of ours', async () => {
	const names = (await n8n.nodeTypes()).map(({ name }) => name).filter((name) => name.startsWith(`${PACK}.`));
	expect(names.sort()).toEqual([...ourNodes].sort());
});
