/** What activation and deactivation do in Arcus ERP. */
import type { IHookFunctions } from 'n8n-workflow';
import type { ArcusWebhooks, WebhookEndpoint } from '../../../providers/arcus-erp/webhooks';
import { arcusErp, arcusWebhooks, connect, hash128, InvalidInput, nodeError, RequestError } from '../../shared/core';
import { CREDENTIAL } from '../service';
import { wantedEvents } from './events';
import { keepEndpoint, keptEndpoint } from './kept';

/** Somebody waits for the activation. */
const PATIENCE_MS = 30_000;
const WHERE = 'Settings › Developers › Webhooks';

/** Whether the endpoint that was registered before serves: as it is, or after an update. */
export async function reuse(context: IHookFunctions): Promise<boolean> {
	return told(context, async () => {
		const kept = keptEndpoint(context);
		if (!kept) return false;
		const { client, mark } = await open(context);
		if (kept.mark !== mark) {
			stays(context, kept.id, 'the credential is of another account now');
			return false;
		}
		const found = await client.get(kept.id);
		return found !== undefined && (await asWanted(context, client, found));
	});
}

/** The events and the address may have changed, and failures pause an endpoint. */
async function asWanted(context: IHookFunctions, client: ArcusWebhooks, found: WebhookEndpoint): Promise<boolean> {
	const wanted = { url: addressOf(context), events: wantedEvents(context) };
	const isSame = found.url === wanted.url && sorted(found.events) === sorted(wanted.events);
	if (isSame && isActive(found)) return true;
	const updated = await client.update(found.id, { ...wanted, status: 'active' }).catch(refused);
	if (updated && isActive(updated)) return true;
	stays(context, found.id, `it is ${found.status ?? 'not as required'} and cannot be changed; a new one is registered`);
	return false;
}

export async function register(context: IHookFunctions): Promise<boolean> {
	return told(context, async () => {
		const url = addressOf(context);
		const { client, mark, mode } = await open(context);
		const { id, secret } = await client.create({ url, events: wantedEvents(context) }, mode, 'n8n');
		keepEndpoint(context, { id, secret: secret ?? (await client.rotateSecret(id)), mark });
		return true;
	});
}

/** Nothing in the API removes an endpoint. What is kept of it is used again by the next activation. */
export async function disable(context: IHookFunctions): Promise<boolean> {
	const kept = keptEndpoint(context);
	if (!kept) return true;
	try {
		const { client, mark } = await open(context);
		if (kept.mark === mark && (await client.update(kept.id, { status: 'disabled' })).status === 'disabled') return true;
		stays(context, kept.id, 'Arcus ERP did not disable it');
	} catch (error) {
		stays(context, kept.id, nodeError(error, occasion(context)).message);
	}
	return false;
}

async function open(context: IHookFunctions) {
	const { call, credential, settings, baseUrl } = await connect(context, CREDENTIAL, arcusErp, {
		keepTryingMs: PATIENCE_MS,
	});
	const account = context.getNode().credentials?.[CREDENTIAL]?.id;
	return {
		client: arcusWebhooks(call, settings),
		mark: hash128(JSON.stringify([baseUrl, settings.entityId, account])),
		mode: credential.apiKey?.trim().startsWith('ark_test_') ? ('test' as const) : ('live' as const),
	};
}

function addressOf(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default') ?? '';
	if (url.startsWith('https://')) return url;
	throw new InvalidInput(
		`Arcus ERP sends events to https addresses only, and this n8n calls itself ${url || 'nothing'}`,
		'Set WEBHOOK_URL to the https address under which n8n is reached from the internet.',
	);
}

/** An update that is not taken is not a reason to fail. */
function refused(error: unknown): undefined {
	const status = error instanceof RequestError && error.failure.kind === 'http' ? error.failure.status : 0;
	if (![400, 404, 405, 409, 422, 501].includes(status)) throw error;
	return undefined;
}

function stays(context: IHookFunctions, id: string, why: string): void {
	context.logger.warn(
		`${context.getNode().name}: the webhook endpoint ${id} stays registered in Arcus ERP: ${why}. See ${WHERE}.`,
	);
}

async function told<T>(context: IHookFunctions, work: () => Promise<T>): Promise<T> {
	return work().catch((error: unknown) => {
		throw nodeError(error, occasion(context));
	});
}

const occasion = (context: IHookFunctions) => ({ node: context.getNode(), title: arcusErp.title });
const isActive = ({ status }: WebhookEndpoint) => status === undefined || status === 'active';
const sorted = (events: readonly string[]) => [...events].sort().join();
