import type { ComponentChildren } from 'preact';

export interface Column<Row> {
	/** Also beside each value where there is no room for a head. */
	title: string;
	cell: (row: Row) => ComponentChildren;
	isNumber?: boolean;
}

interface Given<Row> {
	caption: string;
	columns: readonly Column<Row>[];
	rows: readonly Row[];
	keyOf: (row: Row) => string | number;
}

/** A table of a few rows, which becomes a list on a narrow screen; the roles keep it a table for a screen reader then. */
export function Table<Row>({ caption, columns, rows, keyOf }: Given<Row>) {
	return (
		<table class="plain" role="table" aria-label={caption}>
			<thead role="rowgroup">
				<tr role="row">
					{columns.map(({ title, isNumber }) => (
						<th key={title} role="columnheader" scope="col" class={isNumber ? 'number' : undefined}>
							{title}
						</th>
					))}
				</tr>
			</thead>
			<tbody role="rowgroup">
				{rows.map((row) => (
					<tr key={keyOf(row)} role="row">
						{columns.map(({ title, cell, isNumber }) => (
							<td key={title} role="cell" data-title={title} class={isNumber ? 'number' : undefined}>
								{cell(row)}
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
