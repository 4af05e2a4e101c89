import type { Points } from '../api/types';
import { pathOf } from './sparkPath';

const WIDTH = 84;
const HEIGHT = 22;

/** An hour at a glance. @param label what it shows, with its figures: for whoever cannot see it */
export function Spark({ points, label }: { points: Points; label: string }) {
	return (
		<svg class="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
			<path d={pathOf(points, WIDTH, HEIGHT)} />
		</svg>
	);
}
