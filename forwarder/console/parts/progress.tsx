import { count, duration, percent } from '../format';
import type { Progressing } from './progressing';

/** How far something is that ends. Without a percentage the bar says only that it goes on. */
export function Progress({ label, of }: { label: string; of: Progressing }) {
	const { percent: part, eventsPerSecond, leftMs } = of;
	const words = [
		part !== undefined && percent(part),
		eventsPerSecond !== undefined && `${count(eventsPerSecond)} events/s`,
		leftMs !== undefined && `${duration(leftMs)} left`,
	];
	return (
		<div class="progress">
			<progress aria-label={label} max={100} value={part} />
			<span>{words.filter(Boolean).join(' · ')}</span>
		</div>
	);
}
