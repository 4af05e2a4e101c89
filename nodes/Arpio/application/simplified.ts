import type { IDataObject } from 'n8n-workflow';
import type { Application } from '../../../providers/arpio/types';

/** The most useful of an application's fields. */
export function simplifiedApplication(application: Application): IDataObject {
	const { appId, name, type, syncPhase, rpo, createdAt } = application;
	return {
		name,
		type,
		syncPhase,
		rpo,
		source: place(application.sourceAwsAccountId, application.sourceRegion),
		target: place(application.targetAwsAccountId, application.targetRegion),
		createdAt,
		appId,
	};
}

function place(account: string | undefined, region: string | undefined): string | null {
	return [account, region].filter(Boolean).join(' ') || null;
}
