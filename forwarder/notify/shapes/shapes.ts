import type { NotificationConfig } from '../../config/types';
import { pagerduty } from './pagerduty';
import type { Shape } from './shape';
import { slack } from './slack';
import { teams } from './teams';
import { webhook } from './webhook';

export const SHAPES: Record<NotificationConfig['type'], Shape> = { webhook, slack, teams, pagerduty };
