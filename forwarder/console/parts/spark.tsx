import { useMemo } from 'preact/hooks';
import type { Spark as Points } from '../api/types';
import { settled } from '../settled';
import { pathOf } from './sparkPath';

const WIDTH = 84;
const HEIGHT = 22;

interface Given {
	spark: Points;
	of: 'rate' | 'lagMs';
	/** What it shows: for whoever cannot see it. */
	label: string;
}

/** A time at a glance. Drawn anew once a step, as long as it is of the same thing. */
export function Spark({ spark, of, label }: Given) {
	const points = spark[of];
	const path = useMemo(
		() => pathOf(settled(spark)[of], WIDTH, HEIGHT),
		[label, spark.lastAt, points.at(-2) ?? points.at(-1)],
	);
	if (path === '') return null;
	return (
		<svg class="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
			<path d={path} />
		</svg>
	);
}
