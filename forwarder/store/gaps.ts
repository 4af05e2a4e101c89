/** Gap records as people look at them, until they are acknowledged. */
import type { Gap } from '../../core/walk/contract';
import type { Nanos } from '../../core/contract';
import type { Action } from './actions';

export interface GapFilter {
	stream?: string;
	reason?: string;
}

export interface KeptGap extends Gap {
	id: number;
	stream: string;
	/** When it was noticed. */
	at: Nanos;
	acknowledged?: Nanos;
	acknowledgedBy?: string;
}

export interface Acknowledged {
	gaps: number;
	/** Numbers that are not open gaps. */
	unknown: number[];
	action?: Action;
}
