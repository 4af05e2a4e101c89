/** The audit log page by page, in the order in which Arpio lists it. */
import type { SourceEvent } from '../../../providers/contract';
import type { TimeSpan } from '../../../providers/arpio/types';
import { arpioEvent, object, PositionRejected, readable, text } from '../../shared/core';
import type { ArpioStep } from '../service';

export interface Listed {
	events: SourceEvent[];
	/** A full page that says nothing of how to go on: there may be more. */
	mayBeCut: boolean;
}

/** @param pageSize The same for all pages: a token belongs to the page size that it was given for. */
export async function* eventPages(step: ArpioStep, span: TimeSpan, pageSize: number): AsyncGenerator<Listed> {
	const sent = new Set<string>();
	for (let token: string | undefined; ;) {
		const {
			elements,
			mayBeCut,
			token: next,
		} = await step.client.auditEvents({ ...span, pageSize, token }, step.signal);
		const events = elements.map((element) =>
			readable({ ...element, id: text(object(element.json).eventId) }, arpioEvent(element)),
		);
		yield { events, mayBeCut };
		if (next === undefined) return;
		if (sent.has(next)) throw new PositionRejected('Arpio gave the same continuation token twice.');
		sent.add(next);
		token = next;
	}
}
