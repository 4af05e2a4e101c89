/** The audit log page by page, in the order in which Arpio lists it. */
import type { SourceEvent } from '../../../core/contract';
import type { TimeSpan } from '../../../providers/arpio/types';
import { arpio, object, readable, text } from '../../shared/core';
import { everyPage } from '../everyPage';
import type { ArpioStep } from '../service';

export interface Listed {
	events: SourceEvent[];
	/** A full page that says nothing of how to go on: there may be more. */
	mayBeCut: boolean;
}

/** @param pageSize The same for all pages: a token belongs to the page size that it was given for. */
export async function* eventPages(step: ArpioStep, span: TimeSpan, pageSize: number): AsyncGenerator<Listed> {
	const pages = everyPage((token) => step.client.auditEvents({ ...span, pageSize, token }, step.signal));
	for await (const { elements, mayBeCut } of pages) {
		const events = elements.map((element) =>
			readable({ ...element, id: text(object(element.json).eventId) }, arpio.event(element)),
		);
		yield { events, mayBeCut };
	}
}
