/** What the Arpio nodes talk to. */
import type { Settings } from '../../core/provider';
import type { ArpioClient } from '../../providers/arpio/client';
import { arpio, arpioClient } from '../shared/core';
import type { Operation } from '../shared/operation';
import type { Step } from '../shared/step';

export type ArpioOperation = Operation<ArpioClient>;
export type ArpioStep = Step<ArpioClient>;

export const CREDENTIAL = 'arpioApi';

export const arpioService = {
	provider: arpio,
	credentialType: CREDENTIAL,
	client: (call: Parameters<typeof arpioClient>[0], { accountId = '' }: Settings) => arpioClient(call, accountId),
};
