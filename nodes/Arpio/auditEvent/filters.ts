/** Filters that the API does not have. */
import type { SourceEvent } from '../../../core/contract';
import type { Category } from '../../../core/provider';
import { recordOf, arpio, object, text } from '../../shared/core';

export interface LocalFilters {
	access?: string;
	applicationId?: string;
	categories?: Category[];
	/** Anything but `success` means: not successful. */
	result?: string;
	type?: string;
}

export function wants(filters: LocalFilters, event: SourceEvent): boolean {
	const { access, applicationId, categories, result, type } = filters;
	const { json } = event;
	if (access && text(json.access)?.toLowerCase() !== access) return false;
	if (type && json.type !== type) return false;
	if (result && (text(json.result)?.toLowerCase() === 'success') !== (result === 'success')) return false;
	if (applicationId && !isAbout(json.resources, applicationId)) return false;
	if (!categories?.length) return true;
	return categories.includes(recordOf(arpio, event).attributes['audit.category'] as Category);
}

function isAbout(resources: unknown, id: string): boolean {
	return (
		Array.isArray(resources) && resources.some((one) => object(one).type === 'application' && object(one).id === id)
	);
}
